--
-- Errors and ends in the middle of a scan, with calls in flight: what the
-- session reads next is right.  (What is left behind: test/t/155_errors_inside.pl,
-- and "make memcheck", which runs this file under valgrind.)
--
\set VERBOSITY terse
\setenv SIM_CONFIG '{"rows": 430, "faults": [{"latency_ms": 20, "skip": 1}]}'
\i sql/common.psql

CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint :'sim', page_size '50', max_concurrency '8', requests_per_second '1000', max_response_size '256kB');
CREATE USER MAPPING FOR CURRENT_USER SERVER sim
  OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl', secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
CREATE SCHEMA inside;
SET search_path = inside, public;
IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO inside;
ALTER FOREIGN TABLE bill_resource_summary_for_organization RENAME TO resources;

SELECT md5(string_agg(r::text, E'\n')) AS digest FROM resources r WHERE month = '2023-08' \gset
\set again 'SELECT count(*), md5(string_agg(r::text, E\'\\n\')) = :\'digest\' AS right FROM resources r WHERE month = \'2023-08\';'
:again

--
-- A value that its type refuses
--
CREATE DOMAIN plain_id AS text CHECK (VALUE <> 'refused');
CREATE DOMAIN present AS text NOT NULL;
CREATE FOREIGN TABLE typed (month text, resource_id plain_id, real_total_cost real, resource_name present, pay_time timestamp)
  SERVER sim OPTIONS (table_name 'bill_resource_summary_for_organization', first_month '2023-08', last_month '2023-08');
SELECT count(*), count(resource_id), count(real_total_cost) FROM typed WHERE month = '2023-08';

\! simctl config '{"faults": [{"where": {"Offset": 250}, "patch": [{"op": "replace", "path": "/Response/ResourceSummarySet/30/ResourceId", "value": "refused"}]}, {"latency_ms": 20, "skip": 1}]}'
SELECT count(resource_id) FROM typed WHERE month = '2023-08'; -- ERROR
SELECT count(real_total_cost) FROM typed WHERE month = '2023-08';
SELECT count(resource_id) FROM (SELECT resource_id FROM typed WHERE month = '2023-08' LIMIT 280) x;
SELECT count(resource_id) FROM (SELECT resource_id FROM typed WHERE month = '2023-08' LIMIT 281) x; -- ERROR
\! simctl config '{"faults": [{"where": {"Offset": 200}, "patch": [{"op": "replace", "path": "/Response/ResourceSummarySet/7/RealTotalCost", "value": "1234567890123456789012345678901234567890"}]}, {"latency_ms": 20, "skip": 1}]}'
SELECT sum(real_total_cost) FROM typed WHERE month = '2023-08'; -- ERROR
\! simctl config '{"faults": [{"where": {"Offset": 400}, "patch": [{"op": "replace", "path": "/Response/ResourceSummarySet/29/ResourceName", "value": null}]}, {"latency_ms": 20, "skip": 1}]}'
SELECT count(resource_name) FROM typed WHERE month = '2023-08'; -- ERROR
\! simctl config '{"faults": [{"where": {"Offset": 50}, "patch": [{"op": "replace", "path": "/Response/ResourceSummarySet/0/PayTime", "value": "2023-02-30 00:00:00"}]}, {"latency_ms": 20, "skip": 1}]}'
SELECT max(pay_time) FROM typed WHERE month = '2023-08'; -- ERROR
SELECT max(pay_time) FROM resources WHERE month = '2023-08'; -- ERROR
ANALYZE typed (pay_time); -- ERROR
\! simctl config '{"faults": [{"latency_ms": 20, "skip": 1}]}'
:again

--
-- An error of who reads the rows
--
SELECT sum(1 / (n - 120)) FROM (SELECT row_number() OVER () AS n FROM resources WHERE month = '2023-08') x; -- ERROR
:again
SELECT count(*) FROM resources WHERE month = '2023-08' AND 1 / (real_total_cost - (SELECT max(real_total_cost) FROM resources WHERE month = '2023-08')) < 0; -- ERROR
:again

CREATE FUNCTION read_until(last int, caught bool) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  r record;
  n int := 0;
BEGIN
  FOR r IN SELECT * FROM resources WHERE month = '2023-08' LOOP
    n := n + 1;
    IF n = last THEN
      RAISE EXCEPTION 'row %', n;
    END IF;
  END LOOP;
  RETURN n;
EXCEPTION
  WHEN raise_exception THEN
    IF NOT caught THEN
      RAISE;
    END IF;
    RETURN -n;
END $$;
SELECT read_until(75, false); -- ERROR
SELECT read_until(last, true) FROM unnest('{1, 49, 50, 51, 75, 429, 430, 431}'::int[]) last;
-- a scan that fails within one that goes on
SELECT count(*), sum(read_until(60, true)) FROM (SELECT * FROM resources WHERE month = '2023-08' OFFSET 425) x;
SELECT count(*) FROM resources WHERE month = '2023-08' AND real_total_cost > read_until(60, false); -- ERROR
:again

CREATE TABLE taken (n bigint, id text);
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.n >= 130 THEN
    RAISE EXCEPTION 'row % is one too many', NEW.n;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refuse BEFORE INSERT ON taken FOR EACH ROW EXECUTE FUNCTION refuse();
INSERT INTO taken SELECT row_number() OVER (), resource_id FROM resources WHERE month = '2023-08'; -- ERROR
SELECT count(*) FROM taken;
CREATE UNIQUE INDEX ON taken ((n / 100));
INSERT INTO taken SELECT row_number() OVER (), resource_id FROM resources WHERE month = '2023-08'; -- ERROR
COPY (SELECT n, 1 / (n - 60) FROM (SELECT row_number() OVER () AS n FROM resources WHERE month = '2023-08') x WHERE n > 57) TO STDOUT; -- ERROR
:again

-- a scan that is started again and again
SELECT count(*), sum(1 / (x.n - 140)) FROM (VALUES ('2023-07'), ('2023-08'), ('2023-07')) v (m),
  LATERAL (SELECT row_number() OVER () AS n FROM resources WHERE month = v.m OFFSET 0) x WHERE v.m = '2023-07' OR x.n > 100; -- ERROR
SELECT count(*), count(1 / (x.cost - 0.5)) FROM generate_series(1, 3) g, LATERAL (SELECT real_total_cost AS cost FROM resources WHERE month = '2023-08' AND g > 0 LIMIT 130 * g) x;
:again

--
-- An answer that cannot be used, when its rows are wanted
--
\! simctl config '{"faults": [{"where": {"Offset": 250}, "raw": "{"}, {"latency_ms": 20, "skip": 1}]}'
ALTER SERVER sim OPTIONS (ADD max_retries '0');
SELECT count(*) FROM resources WHERE month = '2023-08'; -- ERROR
\! simctl config '{"faults": [{"where": {"Offset": 300}, "gzip_bomb": 1000000}, {"latency_ms": 20, "skip": 1}]}'
SELECT count(*) FROM resources WHERE month = '2023-08'; -- ERROR
\! simctl config '{"faults": [{"where": {"Offset": 150}, "error": {"code": "InvalidParameter", "message": "No."}}, {"latency_ms": 20, "skip": 1}]}'
SELECT count(*) FROM resources WHERE month = '2023-08'; -- ERROR
SELECT count(*) FROM (SELECT 1 FROM resources WHERE month = '2023-08' LIMIT 150) x;
ALTER SERVER sim OPTIONS (SET max_retries '8');
\! simctl config '{"faults": [{"probability": 0.3, "seed": 1, "error": {"code": "InternalError"}}, {"probability": 0.2, "seed": 2, "reset": true}, {"probability": 0.2, "seed": 3, "truncate": 5000}]}'
:again
\! simctl config '{"faults": [{"latency_ms": 20, "skip": 1}]}'

--
-- A cancel
--
\! simctl config '{"faults": [{"where": {"Offset": 200}, "stall": "body"}, {"where": {"Offset": 250}, "stall": "headers"}, {"latency_ms": 20, "skip": 1}]}'
SET statement_timeout = '300ms';
SELECT count(*) FROM resources WHERE month = '2023-08'; -- ERROR
INSERT INTO taken SELECT 1, max(resource_id) FROM resources WHERE month = '2023-08'; -- ERROR
\! simctl config '{"faults": [{"where": {"Offset": 200}, "error": {"code": "RequestLimitExceeded"}}, {"latency_ms": 20, "skip": 1}]}'
SELECT count(*) FROM resources WHERE month = '2023-08'; -- ERROR
\! simctl config '{"faults": [{"where": {"Month": "2023-07"}, "not_ready": true}, {"latency_ms": 20, "skip": 1}]}'
SET client_min_messages = warning;
SELECT count(*) FROM resources WHERE month BETWEEN '2023-06' AND '2023-08'; -- ERROR
RESET client_min_messages;
RESET statement_timeout;
\! simctl config '{"faults": [{"latency_ms": 20, "skip": 1}]}'
:again

--
-- The end of a cursor, of a subtransaction, of the session
--
BEGIN;
DECLARE c CURSOR FOR SELECT resource_id FROM resources WHERE month = '2023-08';
MOVE 60 IN c;
CLOSE c;
SAVEPOINT s;
DECLARE c CURSOR FOR SELECT resource_id FROM resources WHERE month = '2023-08';
DECLARE d CURSOR FOR SELECT resource_id FROM resources WHERE month BETWEEN '2023-06' AND '2023-08';
MOVE 60 IN c;
MOVE 60 IN d;
ROLLBACK TO s;
DECLARE c CURSOR FOR SELECT resource_id FROM resources WHERE month = '2023-08';
MOVE 101 IN c;
SELECT 1 / 0; -- ERROR
ROLLBACK;
:again
BEGIN;
DECLARE c CURSOR WITH HOLD FOR SELECT 1 / (n - 200) FROM (SELECT row_number() OVER () AS n FROM resources WHERE month = '2023-08') x;
MOVE 60 IN c;
COMMIT; -- ERROR
BEGIN;
DECLARE c CURSOR FOR SELECT resource_id FROM resources WHERE month = '2023-08';
MOVE 60 IN c;
\c -
SET search_path = inside, public;
:again

\! simctl reset
SET client_min_messages = warning;
DROP SCHEMA inside CASCADE;
DROP SERVER sim CASCADE;
DROP EXTENSION billing_fdw;
