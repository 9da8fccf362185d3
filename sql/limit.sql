--
-- LIMIT sizes the first page only where it can, paging, page_size
--
\getenv sim BILLING_SIM_URL
\! simctl reset
\! simctl config '{"rows": 40, "request_id": "counted"}'
\set sent '\\! simctl bodies; simctl reset; simctl config \'{"rows": 40, "request_id": "counted"}\''

CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw OPTIONS (endpoint :'sim');
CREATE USER MAPPING FOR CURRENT_USER SERVER sim
  OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl', secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
CREATE SCHEMA limits;
SET search_path = limits, public;
IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO limits;
ALTER FOREIGN TABLE bill_summary_by_pay_mode RENAME TO modes;
ALTER FOREIGN TABLE bill_resource_summary_for_organization RENAME TO resources;
CREATE TABLE ids (id text);
CREATE TEMP TABLE april AS SELECT row_number() OVER () AS n, r.* FROM resources r WHERE month = '2023-04';
INSERT INTO ids SELECT resource_id FROM april WHERE n <= 3;
:sent

--
-- pages
--
ALTER SERVER sim OPTIONS (ADD page_size '25');
SELECT count(*) FROM resources WHERE month = '2023-04';
:sent
ALTER FOREIGN TABLE resources OPTIONS (ADD page_size '20');
-- full pages up to the end: the empty page after them ends the stream
SELECT count(*) FROM resources WHERE month = '2023-04';
:sent
ALTER FOREIGN TABLE resources OPTIONS (SET page_size '1000');
SELECT count(*) FROM resources WHERE month IN ('2023-04', '2023-05');
:sent
-- the order of the rows is that of the pages, and none is lost or doubled
ALTER FOREIGN TABLE resources OPTIONS (SET page_size '7');
SELECT count(*) AS rows, count(*) FILTER (WHERE a.resource_id = r.resource_id AND a.real_total_cost = r.real_total_cost) AS equal
  FROM (SELECT row_number() OVER () AS n, * FROM resources WHERE month = '2023-04') r JOIN april a USING (n);
:sent
-- tables without pages have none
SELECT count(*) FROM modes WHERE month = '2023-04';
:sent
-- the server gives less than was asked for
ALTER FOREIGN TABLE resources OPTIONS (SET page_size '30');
\! simctl config '{"limit_cap": 12}'
SELECT count(*) AS rows, sum(real_total_cost) = (SELECT sum(real_total_cost) FROM april) AS same FROM resources WHERE month = '2023-04';
:sent
-- no total, or one of no use
\! simctl config '{"total": "null"}'
SELECT count(*) FROM resources WHERE month = '2023-04';
:sent
\! simctl config '{"total": "absent"}'
SELECT count(*) FROM resources WHERE month = '2023-04';
:sent
\! simctl config '{"total": "zero"}'
SELECT count(*) FROM resources WHERE month = '2023-04';
:sent
\! simctl config '{"total": "stale"}'
SELECT count(*) FROM resources WHERE month = '2023-04';
:sent
-- a total above the rows is an answer that contradicts itself
\! simctl config '{"total": "large"}'
SELECT count(*) FROM resources WHERE month = '2023-04'; -- ERROR
:sent
-- no rows at all
\! simctl config '{"rows": 0}'
SELECT count(*) FROM resources WHERE month = '2023-04';
SELECT count(*) FROM modes WHERE month = '2023-04';
:sent
ALTER SERVER sim OPTIONS (DROP page_size);
ALTER FOREIGN TABLE resources OPTIONS (DROP page_size);

--
-- LIMIT sizes the first page
--
SELECT count(*) FROM (SELECT * FROM resources WHERE month = '2023-04' LIMIT 5) x;
SELECT resource_id = (SELECT resource_id FROM april WHERE n = 1) AS same FROM resources WHERE month = '2023-04' LIMIT 1;
SELECT resource_id = (SELECT resource_id FROM april WHERE n = 9) AS same FROM resources WHERE month = '2023-04' LIMIT 2 OFFSET 8;
SELECT count(*) FROM (SELECT * FROM resources WHERE month = '2023-04' FETCH FIRST 3 ROWS ONLY) x;
SELECT count(*) FROM (SELECT * FROM resources WHERE month = '2023-04' AND business_code IN ('p_cvm', 'p_cbs') LIMIT 4) x;
SELECT count(*) FROM (SELECT * FROM resources WHERE month = '2023-04' LIMIT 2000) x;
-- the first request holds it all, or does not
SELECT count(*) FROM (SELECT * FROM resources WHERE month IN ('2023-04', '2023-05') LIMIT 40) x;
SELECT count(*), count(DISTINCT month) FROM (SELECT * FROM resources WHERE month IN ('2023-04', '2023-05') LIMIT 45) x;
:sent
ALTER FOREIGN TABLE resources OPTIONS (ADD page_size '10');
SELECT count(*) FROM (SELECT * FROM resources WHERE month = '2023-04' LIMIT 12) x;
SELECT count(*) FROM (SELECT * FROM resources WHERE month = '2023-04' LIMIT 9) x;
:sent
ALTER FOREIGN TABLE resources OPTIONS (DROP page_size);
-- it does not where other rows may be needed
SELECT count(*) FROM (SELECT * FROM resources WHERE month = '2023-04' ORDER BY resource_id LIMIT 3) x;
SELECT count(*) FROM (SELECT * FROM resources WHERE month = '2023-04' ORDER BY resource_id FETCH FIRST 3 ROWS WITH TIES) x;
SELECT count(*) FROM (SELECT * FROM resources WHERE month = '2023-04' AND region_id > 1 LIMIT 3) x;
SELECT count(*) FROM (SELECT * FROM resources WHERE month = '2023-04' AND business_code LIKE 'p_c%' LIMIT 3) x;
SELECT count(*) FROM (SELECT * FROM resources WHERE month = '2023-04' AND random() >= 0 LIMIT 3) x;
SELECT count(*) FROM (SELECT r.* FROM resources r JOIN ids ON id = resource_id WHERE month = '2023-04' LIMIT 3) x;
SELECT count(*) FROM (SELECT r.* FROM resources r CROSS JOIN ids WHERE month = '2023-04' LIMIT 3) x;
SELECT count(*) FROM (SELECT DISTINCT business_code FROM resources WHERE month = '2023-04' LIMIT 3) x;
SELECT count(*) FROM (SELECT business_code, count(*) FROM resources WHERE month = '2023-04' GROUP BY 1 LIMIT 3) x;
SELECT count(*) FROM (SELECT count(*) FROM resources WHERE month = '2023-04' LIMIT 1) x;
SELECT sum(r) FROM (SELECT row_number() OVER () AS r FROM resources WHERE month = '2023-04' LIMIT 3) x;
SELECT count(*) FROM (SELECT generate_series(1, 0), resource_id FROM resources WHERE month = '2023-04' LIMIT 3) x;
SELECT count(*) FROM (SELECT resource_id FROM resources WHERE month = '2023-04' UNION ALL SELECT resource_id FROM resources WHERE month = '2023-05' LIMIT 45) x;
SELECT count(*) FROM (SELECT * FROM resources WHERE month = '2023-04' AND (business_code = 'p_cvm' OR region_id = 1) LIMIT 3) x;
:sent
-- a parameter that was left out filters locally
SELECT count(*) FROM (SELECT * FROM resources WHERE month = '2023-04' AND pay_mode = 'riPay' LIMIT 1) x;
:sent
-- rows that are read once per tag key
SELECT count(*), count(DISTINCT tag_key) FROM (SELECT * FROM resources WHERE month = '2023-04' AND tag_key IN ('env', 'team') LIMIT 5) x;
:sent
-- a bound known at run time only
PREPARE few(bigint) AS SELECT count(*) FROM (SELECT * FROM resources WHERE month = '2023-04' LIMIT $1) x;
SET plan_cache_mode = force_custom_plan;
EXECUTE few(3);
SET plan_cache_mode = force_generic_plan;
EXECUTE few(3);
EXECUTE few(NULL);
EXECUTE few(0);
RESET plan_cache_mode;
DEALLOCATE ALL;
:sent
-- the scan goes on when the executor asks for more
SELECT n, (SELECT count(*) FROM (SELECT FROM resources WHERE month = '2023-04' AND n > 0 LIMIT 3) x) AS c FROM generate_series(1, 3) n;
BEGIN;
DECLARE c CURSOR FOR SELECT resource_id FROM resources WHERE month = '2023-04' LIMIT 15;
MOVE 15 IN c;
FETCH 1 FROM c;
COMMIT;
:sent
-- inconsistent answers behind the last row asked for do not matter
\! simctl config '{"total": "large"}'
SELECT count(*) FROM (SELECT * FROM resources WHERE month = '2023-04' LIMIT 5) x;
:sent
-- an error of a later request, too
\! simctl config '{"faults": [{"where": {"Month": "2023-03"}, "error": {"code": "InvalidParameter"}}]}'
SELECT count(*) FROM (SELECT * FROM resources WHERE month IN ('2023-03', '2023-04') LIMIT 40) x;
SELECT count(*) FROM (SELECT * FROM resources WHERE month IN ('2023-03', '2023-04') LIMIT 41) x; -- ERROR
:sent

SET client_min_messages = warning;
DROP TABLE april;
DROP SCHEMA limits CASCADE;
DROP SERVER sim CASCADE;
DROP EXTENSION billing_fdw;
\! simctl reset
