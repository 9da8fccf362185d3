--
-- LIMIT sizes the first page only where it can, and changes no answer; paging,
-- page_size
--
\setenv SIM_CONFIG '{"rows": 40, "request_id": "counted"}'
\i sql/common.psql

CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint :'sim', max_concurrency '1', requests_per_second '1000');
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

--
-- LIMIT changes no answer: compared with a copy of the rows in their order
--
CREATE SCHEMA local;
:fresh
CREATE TABLE local.resources AS SELECT * FROM resources WHERE month IN ('2023-03', '2023-04', '2023-05');
CREATE TABLE local.modes AS SELECT * FROM modes WHERE month IN ('2023-03', '2023-04', '2023-05');
CREATE TABLE local.tagged AS SELECT * FROM resources WHERE month = '2023-04' AND tag_key IN ('env', 'team');
CREATE VIEW tagged AS SELECT * FROM resources WHERE month = '2023-04' AND tag_key IN ('env', 'team');
CREATE TABLE parts (month text, resource_id text, real_total_cost numeric) PARTITION BY LIST (month);
CREATE FOREIGN TABLE parts_april PARTITION OF parts FOR VALUES IN ('2023-04') SERVER sim OPTIONS (table_name 'bill_resource_summary_for_organization');
CREATE FOREIGN TABLE parts_may PARTITION OF parts FOR VALUES IN ('2023-05') SERVER sim OPTIONS (table_name 'bill_resource_summary_for_organization');
CREATE TABLE local.parts AS
  SELECT month, resource_id, real_total_cost FROM local.resources WHERE month = '2023-04' UNION ALL
  SELECT month, resource_id, real_total_cost FROM local.resources WHERE month = '2023-05';
CREATE FUNCTION costly(numeric) RETURNS boolean STABLE LANGUAGE plpgsql COST 1 AS 'BEGIN RETURN $1 > 0; END';
CREATE VIEW barrier WITH (security_barrier) AS SELECT * FROM resources WHERE month > '2023-02' AND month < '2023-05';
CREATE VIEW local.barrier AS SELECT * FROM local.resources WHERE month > '2023-02' AND month < '2023-05';
-- the rows of a query: as it is, so that its LIMIT is that of the plan; of a
-- cursor that goes back; and with a LIMIT that a plan does not know
CREATE FUNCTION rows_of(schema text, query text, how text) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
  result text[] := '{}';
  row record;
  seen refcursor;
BEGIN
  PERFORM set_config('search_path', schema || ', limits, public', true);
  IF how = 'cursor' THEN
    OPEN seen SCROLL FOR EXECUTE query;
    MOVE FORWARD 2 FROM seen;
    MOVE BACKWARD ALL FROM seen;
    LOOP
      FETCH seen INTO row;
      EXIT WHEN NOT FOUND;
      result := result || row::text;
    END LOOP;
    CLOSE seen;
  ELSIF how = 'generic' THEN
    PERFORM set_config('plan_cache_mode', 'force_generic_plan', true);
    EXECUTE 'PREPARE limited(bigint) AS ' || regexp_replace(query, '\m(LIMIT|FIRST) (\d+)\M', '\1 ($1 * 0 + \2)', 'g');
    FOR row IN EXECUTE 'EXECUTE limited(0)' LOOP
      result := result || row::text;
    END LOOP;
    DEALLOCATE limited;
    PERFORM set_config('plan_cache_mode', 'auto', true);
  ELSE
    FOR row IN EXECUTE query LOOP
      result := result || row::text;
    END LOOP;
  END IF;
  PERFORM set_config('search_path', 'limits, public', true);
  RETURN result;
END $$;
-- the rows of the copy, in their order; or, where the plan chooses which rows
-- a bound leaves, as many of them
CREATE FUNCTION agree(query text, unbounded text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  copy text[] := rows_of('local', query, 'plain');
  here text[];
  missing int;
  how text;
  size text;
BEGIN
  FOREACH size IN ARRAY '{7,1000}'::text[] LOOP
    EXECUTE format('ALTER FOREIGN TABLE resources OPTIONS (SET page_size %L)', size);
    FOREACH how IN ARRAY '{plain,cursor,generic}'::text[] LOOP
      -- no cursor that locks goes back
      CONTINUE WHEN how = 'cursor' AND query ~ 'FOR (UPDATE|SHARE)';
      here := rows_of('limits', query, how);
      IF unbounded IS NULL THEN
        IF here <> copy THEN
          RETURN format('%s, pages of %s: %s', how, size, here);
        END IF;
      ELSE
        SELECT count(*) INTO missing FROM (SELECT unnest(here) EXCEPT ALL SELECT unnest(rows_of('local', unbounded, 'plain'))) x;
        IF cardinality(here) <> cardinality(copy) OR missing > 0 THEN
          RETURN format('%s, pages of %s: %s rows, %s of them wrong', how, size, cardinality(here), missing);
        END IF;
      END IF;
    END LOOP;
  END LOOP;
  RETURN cardinality(copy) || ' rows';
END $$;
ALTER FOREIGN TABLE resources OPTIONS (ADD page_size '1000');
\pset format unaligned
\pset tuples_only on
\pset fieldsep ': '
SELECT q, agree(q, NULL) FROM unnest(ARRAY[
  $$SELECT * FROM resources WHERE month = '2023-04' LIMIT 5$$,
  $$SELECT resource_id FROM resources WHERE month = '2023-04' LIMIT 39$$,
  $$SELECT resource_id FROM resources WHERE month = '2023-04' LIMIT 40$$,
  $$SELECT resource_id FROM resources WHERE month = '2023-04' LIMIT 41$$,
  $$SELECT resource_id FROM resources WHERE month = '2023-04' OFFSET 37$$,
  $$SELECT resource_id FROM resources WHERE month = '2023-04' LIMIT 3 OFFSET 6$$,
  $$SELECT resource_id FROM resources WHERE month = '2023-04' LIMIT 3 OFFSET 39$$,
  $$SELECT resource_id FROM resources WHERE month = '2023-04' LIMIT 3 OFFSET 41$$,
  $$SELECT month, resource_id FROM resources WHERE month IN ('2023-04', '2023-05') LIMIT 3 OFFSET 38$$,
  $$SELECT resource_id FROM resources WHERE month = '2023-04' LIMIT NULL OFFSET NULL$$,
  $$SELECT resource_id FROM resources WHERE month = '2023-04' LIMIT ALL$$,
  $$SELECT resource_id FROM resources WHERE month = '2023-04' LIMIT 0$$,
  $$SELECT resource_id FROM resources WHERE month = '2023-04' LIMIT (SELECT 3)$$,
  $$SELECT resource_id FROM resources WHERE month = '2023-04' LIMIT 5 / 2.0$$,
  $$SELECT resource_id FROM resources WHERE month = '2023-04' LIMIT 3000000000$$,
  -- conditions that requests settle, and others
  $$SELECT resource_id FROM resources WHERE month = '2023-04' AND business_code = 'p_cvm' LIMIT 4$$,
  $$SELECT resource_id FROM resources WHERE month = '2023-04' AND real_total_cost > 5 LIMIT 4$$,
  $$SELECT resource_id FROM resources WHERE month IN ('2023-03', '2023-05') AND region_id > 1 LIMIT 44 OFFSET 2$$,
  $$SELECT resource_id FROM resources WHERE month = '2023-04' AND pay_mode = 'riPay' LIMIT 2$$,
  $$SELECT resource_id FROM resources WHERE (month = '2023-04' OR month = '2023-05' AND real_total_cost < 0) AND tags IS NOT NULL LIMIT 42$$,
  $$SELECT resource_id FROM resources WHERE month = '2023-04' AND random() >= 0 LIMIT 4$$,
  $$SELECT resource_id FROM resources WHERE month = '2023-04' AND costly(real_total_cost) LIMIT 4$$,
  $$SELECT resource_id FROM barrier WHERE costly(real_total_cost) AND month = '2023-04' LIMIT 4$$,
  $$SELECT resource_id FROM resources WHERE month = '2023-04' AND resource_id NOT IN (SELECT id FROM ids) LIMIT 4$$,
  $$SELECT resource_id FROM resources WHERE month = '2023-04' AND (SELECT count(*) FROM ids) = 3 LIMIT 4$$,
  -- rows that are made several of, or less
  $$SELECT resource_id, tag_key FROM tagged LIMIT 5$$,
  $$SELECT resource_id, tag_key FROM tagged WHERE region_id > 1 LIMIT 5$$,
  $$SELECT resource_id, generate_series(1, 3) FROM resources WHERE month = '2023-04' LIMIT 5$$,
  $$SELECT resource_id, generate_series(1, 0) FROM resources WHERE month = '2023-04' LIMIT 5$$,
  $$SELECT resource_id, generate_series(1, region_id % 3) FROM resources WHERE month = '2023-04' LIMIT 12$$,
  $$SELECT resource_id, k FROM resources, jsonb_object_keys(tags) k WHERE month = '2023-04' LIMIT 12$$,
  $$SELECT DISTINCT business_code FROM resources WHERE month = '2023-04' ORDER BY 1 LIMIT 3$$,
  $$SELECT DISTINCT ON (business_code) business_code, resource_id, real_total_cost FROM resources WHERE month = '2023-04' ORDER BY 1, 2, 3 LIMIT 3$$,
  $$SELECT business_code, count(*), sum(real_total_cost) FROM resources WHERE month = '2023-04' GROUP BY 1 ORDER BY 1 LIMIT 3$$,
  $$SELECT business_code FROM resources WHERE month = '2023-04' GROUP BY 1 HAVING count(*) > 2 ORDER BY 1 DESC LIMIT 2$$,
  $$SELECT count(*), sum(real_total_cost) FROM resources WHERE month = '2023-04' LIMIT 1$$,
  $$SELECT min(resource_id), max(resource_id) FROM resources WHERE month = '2023-04' LIMIT 1$$,
  -- the order decides
  $$SELECT resource_id, real_total_cost FROM resources WHERE month = '2023-04' ORDER BY 2, 1 LIMIT 3$$,
  $$SELECT resource_id, real_total_cost FROM resources WHERE month IN ('2023-03', '2023-04') ORDER BY 2 DESC, 1 LIMIT 3 OFFSET 4$$,
  $$SELECT month FROM resources WHERE month IN ('2023-03', '2023-04') ORDER BY month LIMIT 41$$,
  $$SELECT business_code FROM resources WHERE month = '2023-04' ORDER BY 1 FETCH FIRST 2 ROWS WITH TIES$$,
  $$SELECT business_code FROM resources WHERE month = '2023-04' ORDER BY 1 OFFSET 3 FETCH FIRST 1 ROWS WITH TIES$$,
  $$SELECT pay_mode FROM resources WHERE month = '2023-04' ORDER BY pay_mode FETCH FIRST 1 ROWS WITH TIES$$,
  -- window functions
  $$SELECT resource_id, row_number() OVER () FROM resources WHERE month = '2023-04' LIMIT 3$$,
  $$SELECT resource_id, count(*) OVER () FROM resources WHERE month = '2023-04' LIMIT 3$$,
  $$SELECT resource_id, rank() OVER (ORDER BY resource_id, real_total_cost), lead(resource_id) OVER (ORDER BY resource_id, real_total_cost) FROM resources WHERE month = '2023-04' LIMIT 3$$,
  $$SELECT business_code, r FROM (SELECT business_code, row_number() OVER (PARTITION BY business_code ORDER BY resource_id, real_total_cost) AS r FROM resources WHERE month = '2023-04') x WHERE r <= 2 ORDER BY 1, 2 LIMIT 5$$,
  -- inside
  $$SELECT count(*), count(DISTINCT resource_id) FROM (SELECT * FROM resources WHERE month = '2023-04' LIMIT 13) x$$,
  $$SELECT resource_id FROM (SELECT * FROM resources WHERE month = '2023-04' LIMIT 13) x WHERE region_id > 1 LIMIT 4$$,
  $$SELECT resource_id FROM (SELECT * FROM resources WHERE month = '2023-04' LIMIT 4) x ORDER BY resource_id DESC LIMIT 2$$,
  $$WITH w AS (SELECT resource_id FROM resources WHERE month = '2023-04' LIMIT 6) SELECT * FROM w OFFSET 2$$,
  $$WITH w AS MATERIALIZED (SELECT resource_id FROM resources WHERE month = '2023-04') SELECT * FROM w LIMIT 2$$,
  $$SELECT ARRAY(SELECT resource_id FROM resources WHERE month = '2023-04' LIMIT 3)$$,
  $$SELECT (SELECT resource_id FROM resources WHERE month = '2023-04' LIMIT 1), EXISTS (SELECT FROM resources WHERE month = '2023-04' AND region_id = 4 LIMIT 1)$$,
  $$SELECT id FROM ids WHERE id IN (SELECT resource_id FROM resources WHERE month = '2023-04' LIMIT 2) ORDER BY 1$$,
  $$(SELECT resource_id FROM resources WHERE month = '2023-04' LIMIT 2) UNION ALL (SELECT resource_id FROM resources WHERE month = '2023-05' LIMIT 3) LIMIT 4$$,
  $$SELECT resource_id FROM resources WHERE month = '2023-04' UNION ALL SELECT resource_id FROM resources WHERE month = '2023-05' LIMIT 42$$,
  $$SELECT business_code FROM resources WHERE month = '2023-04' UNION SELECT business_code FROM resources WHERE month = '2023-05' ORDER BY 1 LIMIT 4$$,
  $$SELECT business_code FROM resources WHERE month = '2023-04' INTERSECT SELECT business_code FROM resources WHERE month = '2023-05' ORDER BY 1 LIMIT 4$$,
  $$SELECT real_total_cost FROM resources WHERE month = '2023-04' EXCEPT SELECT real_total_cost FROM resources WHERE month = '2023-05' ORDER BY 1 LIMIT 4$$,
  $$SELECT n, x.resource_id FROM generate_series(1, 4) n, LATERAL (SELECT * FROM resources WHERE month = '2023-0' || n + 1 AND n > 1 LIMIT 2) x ORDER BY n$$,
  $$SELECT n, x.resource_id FROM generate_series(1, 4) n, LATERAL (SELECT * FROM resources WHERE month = '2023-04' LIMIT n OFFSET n) x ORDER BY n$$,
  $$SELECT n, (SELECT count(*) FROM (SELECT FROM resources WHERE month = '2023-04' AND region_id > n LIMIT 3) x) FROM generate_series(1, 9) n ORDER BY n LIMIT 7$$,
  -- parents of partitions
  $$SELECT * FROM parts LIMIT 42$$,
  $$SELECT month FROM parts WHERE real_total_cost > 0 LIMIT 1000$$,
  $$SELECT resource_id FROM parts WHERE month = '2023-05' LIMIT 4$$,
  -- locks
  $$SELECT resource_id FROM resources WHERE month = '2023-04' LIMIT 3 FOR UPDATE$$,
  $$SELECT resource_id FROM (SELECT * FROM resources WHERE month = '2023-04' FOR SHARE LIMIT 6) x OFFSET 4$$
]) q;
-- joins: the plan chooses which rows
SELECT q || b, agree(q || b, q) FROM unnest(ARRAY[
  $$SELECT r.resource_id, id FROM resources r JOIN ids ON id = resource_id WHERE month = '2023-04'$$,
  $$SELECT r.resource_id, id FROM resources r CROSS JOIN ids WHERE month = '2023-04'$$,
  $$SELECT r.resource_id, id FROM ids LEFT JOIN resources r ON id = resource_id AND month = '2023-04'$$,
  $$SELECT r.resource_id, id FROM resources r LEFT JOIN ids ON id = resource_id WHERE month = '2023-04' AND id IS NULL$$,
  $$SELECT r.resource_id, id FROM (SELECT * FROM resources WHERE month = '2023-04') r FULL JOIN ids ON id = resource_id$$,
  $$SELECT r.resource_id FROM resources r WHERE month = '2023-04' AND resource_id IN (SELECT id FROM ids)$$,
  $$SELECT r.resource_id FROM resources r WHERE month = '2023-04' AND NOT EXISTS (SELECT FROM ids WHERE id = resource_id)$$,
  $$SELECT r.resource_id, m.pay_mode FROM modes m JOIN resources r USING (month, pay_mode) WHERE month IN ('2023-04', '2023-05')$$,
  $$SELECT a.resource_id FROM resources a JOIN resources b ON b.resource_id = a.resource_id AND b.month = '2023-05' WHERE a.month = '2023-04'$$,
  $$SELECT r.resource_id, n FROM generate_series(2, 5) n JOIN resources r ON month = '2023-0' || n AND n > 2$$,
  $$SELECT DISTINCT business_code FROM resources WHERE month = '2023-04'$$,
  $$SELECT business_code, count(*) FROM resources WHERE month = '2023-04' GROUP BY 1$$
]) q, unnest('{" LIMIT 3"," LIMIT 5 OFFSET 2"," LIMIT 2000"}'::text[]) b;
\pset format aligned
\pset tuples_only off
ALTER FOREIGN TABLE resources OPTIONS (DROP page_size);
SELECT resource_id FROM resources WHERE month = '2023-04' LIMIT -1; -- ERROR
SELECT resource_id FROM resources WHERE month = '2023-04' OFFSET -1; -- ERROR
:fresh
-- what was sent for some of these: the first page of as many rows as are needed ...
SELECT count(*) FROM (SELECT * FROM resources WHERE month = '2023-04' LIMIT 3 FOR UPDATE) x;
SELECT count(*) FROM (SELECT * FROM (SELECT * FROM resources WHERE month = '2023-04') y LIMIT 4 OFFSET 1) x;
SELECT cardinality(ARRAY(SELECT resource_id FROM resources WHERE month = '2023-04' LIMIT 6));
SELECT n, count(*) FROM generate_series(1, 2) n, LATERAL (SELECT * FROM resources WHERE month = '2023-0' || n + 2 AND n > 0 LIMIT 7) x GROUP BY 1 ORDER BY 1;
WITH w AS (SELECT resource_id FROM resources WHERE month = '2023-04' LIMIT 8) SELECT count(*) FROM w;
(SELECT NULL AS nothing FROM resources WHERE month = '2023-04' OFFSET 9 LIMIT 0) UNION ALL (SELECT NULL FROM resources WHERE month = '2023-05' LIMIT 9 OFFSET 9) LIMIT 0;
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT resource_id = (SELECT resource_id FROM april WHERE n = 1) AS first FROM resources WHERE month = '2023-04' LIMIT 10;
FETCH 1 FROM c;
FETCH LAST FROM c;
FETCH FIRST FROM c;
COMMIT;
:sent
-- ... or a whole page
SELECT count(*) FROM (SELECT DISTINCT ON (business_code) * FROM resources WHERE month = '2023-04' LIMIT 3) x;
SELECT count(*) FROM (SELECT * FROM resources WHERE month = '2023-04' LIMIT ALL) x;
SELECT count(*) FROM (SELECT * FROM resources WHERE month = '2023-04' LIMIT (SELECT 3)) x;
SELECT count(*) FROM (SELECT resource_id, generate_series(1, 3) FROM resources WHERE month = '2023-04' LIMIT 3) x;
SELECT count(l) FROM (SELECT lag(1) OVER () AS l FROM resources WHERE month = '2023-04' LIMIT 3) x;
SELECT count(*) FROM (SELECT * FROM barrier WHERE costly(real_total_cost) AND month = '2023-04' LIMIT 3) x;
SELECT count(*) FROM (SELECT * FROM parts LIMIT 3) x;
SELECT count(*) FROM (SELECT * FROM resources WHERE month = '2023-04') x LIMIT 3;
SELECT EXISTS (SELECT FROM resources WHERE month = '2023-04' LIMIT 1);
BEGIN;
DECLARE c CURSOR FOR SELECT resource_id FROM resources WHERE month = '2023-04';
MOVE 3 IN c;
COMMIT;
:sent

SET client_min_messages = warning;
DROP TABLE april;
DROP SCHEMA limits, local CASCADE;
DROP SERVER sim CASCADE;
DROP EXTENSION billing_fdw;
\! simctl reset
