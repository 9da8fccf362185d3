--
-- Values that can be none: an error where the user wrote them, no match where
-- they come from other tables
--
\setenv SIM_CONFIG '{"rows": 40, "request_id": "counted"}'
\i sql/common.psql

CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint :'sim', max_concurrency '1', requests_per_second '1000');
CREATE USER MAPPING FOR CURRENT_USER SERVER sim
  OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl', secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
CREATE SCHEMA values_checked;
SET search_path = values_checked, public;
SET datestyle = ISO;
IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO values_checked;
ALTER FOREIGN TABLE bill_summary_by_pay_mode RENAME TO modes;
CREATE FOREIGN TABLE modes_date (month date, pay_mode text) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');
CREATE FOREIGN TABLE modes_time (month timestamp, pay_mode text) SERVER sim OPTIONS (table_name 'bill_summary_by_pay_mode');

-- months
SELECT count(*) FROM modes WHERE month = '2023-4'; -- ERROR
SELECT count(*) FROM modes WHERE month = '2023-13'; -- ERROR
SELECT count(*) FROM modes WHERE month = '2023-00'; -- ERROR
SELECT count(*) FROM modes WHERE month = '2023'; -- ERROR
SELECT count(*) FROM modes WHERE month = '2023-04-01'; -- ERROR
SELECT count(*) FROM modes WHERE month = '202304'; -- ERROR
SELECT count(*) FROM modes WHERE month = ' 2023-04'; -- ERROR
SELECT count(*) FROM modes WHERE month = ''; -- ERROR
SELECT count(*) FROM modes WHERE month = '２０２３-０４'; -- ERROR
SELECT count(*) FROM modes WHERE month IN ('2023-04', '2023-4'); -- ERROR
SELECT count(*) FROM modes WHERE month = ANY ('{2023-04,NULL,April}'); -- ERROR
SELECT count(*) FROM modes WHERE month = '2023-04' OR month = '2023-5'; -- ERROR
SELECT count(*) FROM modes WHERE month = to_char(date '2023-04-01', 'YYYY/MM'); -- ERROR
SELECT count(*) FROM modes_date WHERE month = '2023-04-02'; -- ERROR
SELECT count(*) FROM modes_date WHERE month = 'infinity'; -- ERROR
SELECT count(*) FROM modes_date WHERE month = '0001-01-01 BC'; -- ERROR
SELECT count(*) FROM modes_date WHERE month IN ('2023-04-01', '2023-04-30'); -- ERROR
SELECT count(*) FROM modes_date WHERE month = timestamp '2023-04-01 00:00:01'; -- ERROR
SELECT count(*) FROM modes_time WHERE month = '2023-04-01 12:00'; -- ERROR
SELECT count(*) FROM modes_time WHERE month = '2023-04-01 00:00:00.000001'; -- ERROR
SELECT count(*) FROM modes_time WHERE month = '-infinity'; -- ERROR
\set VERBOSITY sqlstate
SELECT count(*) FROM modes WHERE month = '2023-4'; -- ERROR
SELECT count(*) FROM modes_date WHERE month = '2023-04-02'; -- ERROR
SELECT count(*) FROM bill_summary WHERE month = '2023-04' AND group_type = 'paymode'; -- ERROR
SELECT count(*) FROM bill_summary_business WHERE month = '2023-04' AND group_type = 'business'; -- ERROR
SELECT count(*) FROM bill_resource_summary_for_organization WHERE month = '2023-04' AND pay_mode = 'prepay'; -- ERROR
\set VERBOSITY default

-- groups and billing modes
SELECT count(*) FROM bill_summary WHERE month = '2023-04' AND group_type = 'paymode'; -- ERROR
SELECT count(*) FROM bill_summary WHERE month = '2023-04' AND group_type IN ('region', 'zone'); -- ERROR
SELECT count(*) FROM bill_summary WHERE month = '2023-04' AND group_type = ''; -- ERROR
SELECT count(*) FROM bill_summary WHERE month = '2023-04' AND (group_type = 'region' OR group_type = 'Region'); -- ERROR
SELECT count(*) FROM bill_resource_summary_for_organization WHERE month = '2023-04' AND pay_mode = 'prepay'; -- ERROR
SELECT count(*) FROM bill_resource_summary_for_organization WHERE month = '2023-04' AND pay_mode IN ('prePay', ''); -- ERROR
SELECT count(*) FROM bill_summary_business WHERE month = '2023-04' AND group_type = 'business'; -- ERROR
SELECT count(*) FROM bill_summary_business WHERE month = '2023-04' AND group_type IN ('region', 'business'); -- ERROR
-- a column read from the rows alone has no list
SELECT count(*) FROM modes WHERE month = '2023-04' AND pay_mode = 'prepay';

-- parameters are written by the user, too
PREPARE month(text) AS SELECT count(*) FROM modes WHERE month = $1;
PREPARE months(text[]) AS SELECT count(*) FROM modes WHERE month = ANY ($1);
PREPARE day(date) AS SELECT count(*) FROM modes_date WHERE month = $1;
PREPARE group_type(text) AS SELECT count(*) FROM bill_summary WHERE month = '2023-04' AND group_type = $1;
SET plan_cache_mode = force_custom_plan;
EXECUTE month('2023-4'); -- ERROR
EXECUTE months('{2023-04,2023-4}'); -- ERROR
EXECUTE day('2023-04-02'); -- ERROR
EXECUTE group_type('paymode'); -- ERROR
SET plan_cache_mode = force_generic_plan;
EXECUTE month('2023-4'); -- ERROR
EXECUTE months('{2023-04,2023-4}'); -- ERROR
EXECUTE day('2023-04-02'); -- ERROR
EXECUTE group_type('paymode'); -- ERROR
RESET plan_cache_mode;
DEALLOCATE ALL;
DO $$
DECLARE wanted text := '2023-4'; n int;
BEGIN
  SELECT count(*) INTO n FROM modes WHERE month = wanted;
END $$; -- ERROR
-- other operators compare, whatever the value
SELECT count(DISTINCT month) FROM modes WHERE month > '2023' AND month < '2023-02-30' AND month <> 'x';
SELECT count(DISTINCT month) FROM modes_date WHERE month BETWEEN '2023-01-10' AND '2023-03-15';
SELECT count(*) FROM bill_summary WHERE month = '2023-04' AND group_type LIKE 'pay_ode' AND group_type <> 'paymode';
:sent
-- nothing of that called the API before its error
SELECT count(*) FROM modes WHERE month IN ('2023-04', 'x'); -- ERROR
:sent

-- values of other tables simply do not match
CREATE TABLE dirty (m text, g text, d date);
INSERT INTO dirty VALUES ('2023-04', 'payMode', '2023-04-01'), ('2023-4', 'paymode', '2023-04-02'),
  ('', 'business', NULL), (NULL, NULL, 'infinity'), ('2023-13', '', '2023-01-31');
SELECT d.m, x.n FROM dirty d, LATERAL (SELECT count(*) AS n FROM modes WHERE month = d.m) x ORDER BY 1;
SELECT d.d, x.n FROM dirty d, LATERAL (SELECT count(*) AS n FROM modes_date WHERE month = d.d) x ORDER BY 1;
SELECT d.g, x.n > 0 FROM dirty d, LATERAL (SELECT count(*) AS n FROM bill_summary WHERE month = '2023-04' AND group_type = d.g) x ORDER BY 1;
SELECT d.g, x.n > 0 FROM dirty d, LATERAL (SELECT count(*) AS n FROM bill_summary_business WHERE month = '2023-04' AND group_type = d.g) x ORDER BY 1;
:sent
SELECT count(*) FROM modes WHERE month = ANY (ARRAY(SELECT m FROM dirty));
SELECT count(*) FROM modes WHERE month = (SELECT m FROM dirty WHERE m = '2023-4');
SELECT count(*) FROM modes_date WHERE month = (SELECT max(d) FROM dirty WHERE d < '2023-02-01');
SELECT count(*) FROM bill_summary WHERE month = '2023-04' AND group_type = (SELECT g FROM dirty WHERE g = 'paymode');
SELECT count(*) FROM bill_resource_summary_for_organization WHERE month = '2023-04' AND pay_mode = (SELECT g FROM dirty WHERE g = 'paymode');
SELECT d.m, (SELECT count(*) FROM modes WHERE month = d.m) FROM dirty d ORDER BY 1;
:sent

-- integers: one way to write each, and within what the column holds
CREATE FOREIGN TABLE lines_text (month text, project_id text) SERVER sim OPTIONS (table_name 'bill_detail');
CREATE FOREIGN TABLE lines_int (month text, project_id int) SERVER sim OPTIONS (table_name 'bill_detail');
SELECT count(*) FROM lines_text WHERE month = '2023-04' AND project_id = '007'; -- ERROR
SELECT count(*) FROM lines_text WHERE month = '2023-04' AND project_id = '1.0'; -- ERROR
SELECT count(*) > 0 AS some, bool_and(project_id = '0') AS asked FROM lines_text WHERE month = '2023-04' AND project_id = '0';
SELECT count(*) FROM lines_int WHERE month = '2023-04' AND project_id = 99999999999;
SELECT count(*) > 0 AS some, bool_and(project_id = 0) AS asked FROM lines_int WHERE month = '2023-04' AND project_id IN (0, 99999999999);
:sent

-- a month without bills: the API refuses it, but not one of another table
SELECT count(*) FROM modes WHERE month = '1970-01'; -- ERROR
SELECT v.m, (SELECT count(*) FROM modes WHERE month = v.m) FROM (VALUES ('1970-01'), ('2023-04'), ('9999-12')) AS v(m) ORDER BY 1;
:sent

-- an empty text may count as not given, so it is no value where rows do not show it
SELECT count(*) FROM bill_summary WHERE month = '2023-04' AND tag_key = ''; -- ERROR
SELECT count(*) FROM bill_summary WHERE month = '2023-04' AND tag_key IN ('env', ''); -- ERROR
SELECT count(*) FROM modes WHERE month = '2023-04' AND payer_uin = ''; -- ERROR
SELECT count(*) FROM bill_resource_summary_for_organization WHERE month = '2023-04' AND tag_key = ''; -- ERROR
CREATE TABLE dirty_keys (k text);
INSERT INTO dirty_keys VALUES ('env'), (''), (NULL);
SELECT d.k, x.n > 0 AS found FROM dirty_keys d, LATERAL (SELECT count(*) AS n FROM bill_summary WHERE month = '2023-04' AND tag_key = d.k) x ORDER BY 1;
SELECT d.k, x.n > 0 AS found FROM dirty_keys d, LATERAL (SELECT count(*) AS n FROM modes WHERE month = '2023-04' AND payer_uin = d.k) x ORDER BY 1;
SELECT count(*) FROM bill_resource_summary_for_organization WHERE month = '2023-04' AND resource_id = '';
:sent

SET client_min_messages = warning;
DROP SCHEMA values_checked CASCADE;
DROP SERVER sim CASCADE;
DROP EXTENSION billing_fdw;
\! simctl reset
