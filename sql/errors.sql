--
-- Errors of the API and of the network: what the user is told
--
-- RequestIds are counted here, they are random in the real API.
--
\setenv SIM_CONFIG '{"rows": 30, "request_id": "counted"}'
\i sql/common.psql

CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint :'sim', max_concurrency '1', requests_per_second '1000');
CREATE USER MAPPING FOR CURRENT_USER SERVER sim
  OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl', secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
CREATE SCHEMA errors;
SET search_path = errors, public;
IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO errors;
ALTER FOREIGN TABLE bill_summary_by_pay_mode RENAME TO modes;
ALTER FOREIGN TABLE bill_resource_summary_for_organization RENAME TO resources;
ALTER SERVER sim OPTIONS (ADD max_retries '0', ADD throttle_timeout '0', ADD ready_timeout '0');
--
-- the whole message
--
\! simctl config '{"faults": [{"error": {"code": "AuthFailure.SignatureFailure", "message": "The provided credentials could not be validated."}}]}'
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
\! simctl config '{"faults": [{"error": {"code": "AuthFailure.TokenFailure", "message": "Token failure."}}]}'
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
\! simctl config '{"faults": [{"error": {"code": "AuthFailure.UnauthorizedOperation", "message": "You are not authorized."}}]}'
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
\! simctl config '{"faults": [{"error": {"code": "UnauthorizedOperation.NotCertification", "message": "Not certified."}}]}'
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
\! simctl config '{"faults": [{"error": {"code": "InvalidParameter", "message": "A parameter is wrong."}}]}'
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
\! simctl config '{"faults": [{"error": {"code": "FailedOperation.TagKeyNotExist", "message": "No such tag key."}}]}'
SELECT * FROM bill_summary WHERE month = '2023-04' AND tag_key = 'x'; -- ERROR
\! simctl config '{"faults": [{"error": {"code": "RequestLimitExceeded", "message": "Too often."}}]}'
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
\! simctl config '{"faults": [{"error": {"code": "InternalError", "message": "Something broke."}}]}'
SELECT * FROM resources WHERE month = '2023-04'; -- ERROR
\! simctl config '{"faults": [{"error": {"code": "FailedOperation.SummaryDataNotReady", "message": "Not ready."}}]}'
SELECT * FROM resources WHERE month = '2023-04'; -- ERROR
\! simctl config '{"faults": [{"not_ready": true}]}'
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
\! simctl config '{"faults": [{"error": {"code": "InvalidAction", "message": "No such action."}}]}'
SELECT * FROM bill_summary_by_pay_mode_detail WHERE month = '2023-04'; -- ERROR
-- a code that nobody knows, and one below a known one
\! simctl config '{"faults": [{"error": {"code": "Surprise.Surprise", "message": "What now?"}}]}'
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
\! simctl config '{"faults": [{"error": {"code": "AuthFailure.BrandNew", "message": "What now?"}}]}'
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
-- no message
\! simctl config '{"faults": [{"error": {"code": "FailedOperation", "message": ""}}]}'
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
-- a real refusal of the key
\! simctl config '{"faults": []}'
ALTER USER MAPPING FOR CURRENT_USER SERVER sim OPTIONS (SET secret_key 'wrong');
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
ALTER USER MAPPING FOR CURRENT_USER SERVER sim OPTIONS (SET secret_id 'AKIDwrong');
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
ALTER USER MAPPING FOR CURRENT_USER SERVER sim OPTIONS (SET secret_id 'AKIDEXAMPLE0123456789abcdefghijkl', SET secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
-- an error with a status of its own
\! simctl config '{"faults": [{"http_status": 500, "error": {"code": "UnsupportedOperation", "message": "Not here."}}]}'
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR

--
-- SQLSTATE and hint by code, whatever the HTTP status
--
CREATE FUNCTION outcome(query text, OUT state text, OUT request_id bool, OUT hint text) LANGUAGE plpgsql AS $$
DECLARE detail text;
BEGIN
  EXECUTE query;
  state := 'none';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
  hint := nullif(hint, '');
  request_id := detail ~ 'RequestId [-0-9a-f]{36}\.';
END $$;
CREATE TABLE codes (code text PRIMARY KEY);
INSERT INTO codes SELECT code FROM billing_fdw_errors();
INSERT INTO codes VALUES ('RequestLimitExceeded.UinLimitExceeded'), ('RequestLimitExceeded.IPLimitExceeded'),
  ('InternalError.GatewayError'), ('InternalError.DbOperatError'), ('AuthFailure.SecretIdNotFound'), ('AuthFailure.InvalidSecretId'),
  ('UnauthorizedOperation.CamNoAuth'), ('InvalidParameter.ApiParamError'), ('UnsupportedOperation.NOT_SUPPORT_THIS_ACTION'),
  ('LimitExceeded'), ('ResourceNotFound'), ('InvalidParameterValueX'), ('requestlimitexceeded');
-- one call for each code, in turn
\! simctl reset
SELECT json_build_object('request_id', 'counted', 'faults', json_agg(json_build_object('times', 1, 'error', json_build_object('code', code)) ORDER BY code COLLATE "C")) AS config FROM codes \gset
\setenv CONFIG :config
\! simctl config "$CONFIG"
CREATE TABLE outcomes AS
  SELECT c.code, o.* FROM (SELECT code FROM codes ORDER BY code COLLATE "C" OFFSET 0) c, LATERAL outcome('SELECT * FROM modes WHERE month = ''2023-04'' AND ' || quote_literal(c.code) || ' <> ''''') o;
SELECT code, state, request_id, hint IS NOT NULL AS hint FROM outcomes ORDER BY code COLLATE "C";
-- the hint is that of the list, except where there is more to say
SELECT e.code, regexp_replace(o.hint, '\d+ seconds (ahead of|behind)', 'N seconds off') FROM billing_fdw_errors() e JOIN outcomes o USING (code) WHERE o.hint IS DISTINCT FROM e.hint ORDER BY 1;
-- each was one call
\! simctl bodies | wc -l
\! simctl reset
-- the same with other statuses
SELECT json_build_object('faults', json_agg(json_build_object('times', 1, 'http_status', CASE WHEN left(code, 1) < 'I' THEN 401 ELSE 503 END,
  'error', json_build_object('code', code)) ORDER BY code COLLATE "C")) AS config FROM codes \gset
\setenv CONFIG :config
\! simctl config "$CONFIG"
SELECT c.code, o.state, c.state FROM (SELECT code, state FROM outcomes ORDER BY code COLLATE "C" OFFSET 0) c,
  LATERAL outcome('SELECT * FROM modes WHERE month = ''2023-04'' AND ' || quote_literal(c.code) || ' <> ''''') o
 WHERE o.state <> c.state;
:fresh
-- clocks that differ: the hint says by how much
\! simctl config '{"clock_offset": 1000}'
SELECT state, regexp_replace(hint, '(99\d|100\d)', '1000') AS hint FROM outcome('SELECT * FROM modes WHERE month = ''2023-04''');
\! simctl config '{"clock_offset": -1000}'
SELECT state, regexp_replace(hint, '(99\d|100\d)', '1000') AS hint FROM outcome('SELECT * FROM modes WHERE month = ''2023-04''');
\! simctl config '{"clock_offset": 0}'

--
-- without an error of the API
--
\! simctl config '{"faults": [{"http": {"status": 404, "body": "<html>not here</html>", "type": "text/html"}}]}'
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
\! simctl config '{"faults": [{"http": {"status": 502, "body": "Bad Gateway"}}]}'
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
\! simctl config '{"faults": [{"http": {"status": 429, "body": ""}}]}'
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
\! simctl config '{"faults": [{"http": {"status": 302, "location": "http://127.0.0.1:1/"}}]}'
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
\! simctl config '{"faults": [{"raw": "{\"Response\": {\"RequestId\": \"x\""}]}'
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
\! simctl config '{"faults": [{"raw": "[]"}]}'
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
\! simctl config '{"faults": [{"raw": ""}]}'
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
\! simctl config '{"faults": [{"raw": "{\"Response\": {\"Ready\": 1, \"SummaryOverview\": {}, \"RequestId\": \"x\"}}"}]}'
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
\! simctl config '{"faults": [], "ready": "absent"}'
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
\! simctl config '{"ready": "present"}'
\! simctl config '{"faults": [{"patch": [{"op": "remove", "path": "/Response/RequestId"}, {"op": "replace", "path": "/Response/Ready", "value": "yes"}]}]}'
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
-- too large
\! simctl config '{"faults": [{"pad": 100000}]}'
ALTER SERVER sim OPTIONS (ADD max_response_size '64kB');
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
ALTER SERVER sim OPTIONS (DROP max_response_size);
SELECT count(*) FROM modes WHERE month = '2023-04';
-- cut off
\! simctl config '{"faults": [{"truncate": 100}], "gzip": false}'
SELECT state, request_id, hint FROM outcome('SELECT * FROM modes WHERE month = ''2023-04''');
-- nobody listens
ALTER SERVER sim OPTIONS (SET endpoint 'http://127.0.0.1:1');
SELECT state, request_id, hint FROM outcome('SELECT * FROM modes WHERE month = ''2023-04''');
ALTER SERVER sim OPTIONS (SET endpoint :'sim');
-- stalled
\! simctl config '{"faults": [{"stall": "headers"}]}'
ALTER SERVER sim OPTIONS (ADD request_timeout '1s');
SELECT state, request_id, hint FROM outcome('SELECT * FROM modes WHERE month = ''2023-04''');
ALTER SERVER sim OPTIONS (DROP request_timeout);
-- bytes that are no text
\! simctl config '{"faults": [{"replace": {"find": "prePay", "with_hex": "ff41"}}]}'
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
\! simctl config '{"faults": [{"replace": {"find": "prePay", "with_hex": "5c7530303030"}}]}'
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR

--
-- a value that cannot be read names the place
--
\! simctl config '{"faults": [{"patch": [{"op": "replace", "path": "/Response/SummaryOverview/0/RealTotalCost", "value": "12,5"}]}]}'
SELECT pay_mode, real_total_cost FROM modes WHERE month = '2023-04'; -- ERROR
\! simctl config '{"faults": [{"patch": [{"op": "replace", "path": "/Response/SummaryOverview/0/RealTotalCost", "value": {"a": 1}}]}]}'
SELECT pay_mode, real_total_cost FROM modes WHERE month = '2023-04'; -- ERROR
-- what is not read does not matter
SELECT count(*) FROM modes WHERE month = '2023-04' AND pay_mode = 'prePay';
\! simctl config '{"faults": [{"patch": [{"op": "replace", "path": "/Response/ResourceSummarySet/0/PayTime", "value": "now"}]}]}'
SELECT pay_time FROM resources WHERE month = '2023-04'; -- ERROR
\! simctl config '{"faults": [{"patch": [{"op": "replace", "path": "/Response/ResourceSummarySet/0/RegionId", "value": 1.5}]}]}'
SELECT region_id FROM resources WHERE month = '2023-04'; -- ERROR
\! simctl config '{"faults": [{"patch": [{"op": "replace", "path": "/Response/ResourceSummarySet/0/Tags", "value": [{"TagKey": "a", "TagValue": "1"}, {"TagKey": "a", "TagValue": "2"}]}]}]}'
SELECT tags FROM resources WHERE month = '2023-04'; -- ERROR
\! simctl config '{"faults": [{"patch": [{"op": "replace", "path": "/Response/SummaryOverview/1", "value": "x"}]}]}'
SELECT count(*) FROM modes WHERE month = '2023-04'; -- ERROR
-- a label that is not known: one warning, and NULL
\! simctl config '{"faults": [{"patch": [{"op": "replace", "path": "/Response/ResourceSummarySet/0/PayModeName", "value": "Barter"}, {"op": "replace", "path": "/Response/ResourceSummarySet/1/PayModeName", "value": "Barter"}]}]}'
SELECT pay_mode, pay_mode_name FROM resources WHERE month = '2023-04' LIMIT 2;
-- so a condition on it leaves such rows out, also where the API has found them
\! simctl config '{"faults": [{"patch": [{"op": "replace", "path": "/Response/ResourceSummarySet/0/PayModeName", "value": "Barter"}]}]}'
SELECT count(*) AS rows, bool_and(pay_mode = 'prePay') AS asked FROM resources WHERE month = '2023-04' AND pay_mode = 'prePay';
\! simctl config '{"faults": []}'
SELECT count(*) AS rows FROM resources WHERE month = '2023-04' AND pay_mode = 'prePay';

--
-- answers that contradict themselves or the request
--
ALTER FOREIGN TABLE resources OPTIONS (ADD page_size '20');
\! simctl config '{"faults": [{"total_drift": 5}]}'
SELECT count(*) FROM resources WHERE month = '2023-04'; -- ERROR
\! simctl config '{"faults": [{"where": {"Offset": 20}, "repeat_page": true}], "total": "absent", "rows": 60}'
SELECT count(*) FROM resources WHERE month = '2023-04'; -- ERROR
\! simctl config '{"faults": [], "total": "large", "rows": 30}'
SELECT count(*) FROM resources WHERE month = '2023-04'; -- ERROR
\! simctl config '{"total": "exact", "ignore_filters": ["BusinessCode", "PayMode"]}'
SELECT count(*) FROM resources WHERE month = '2023-04' AND business_code = 'p_cvm'; -- ERROR
SELECT count(*) FROM resources WHERE month = '2023-04' AND pay_mode = 'prePay'; -- ERROR
ALTER SERVER sim OPTIONS (ADD answer_check 'warning');
CREATE TEMP TABLE april AS SELECT * FROM resources WHERE month = '2023-04';
SELECT count(*) = (SELECT count(*) FROM april WHERE business_code = 'p_cvm') AS same FROM resources WHERE month = '2023-04' AND business_code = 'p_cvm';
ALTER FOREIGN TABLE resources OPTIONS (ADD answer_check 'off');
SELECT count(*) = (SELECT count(*) FROM april WHERE business_code = 'p_cvm') AS same FROM resources WHERE month = '2023-04' AND business_code = 'p_cvm';
ALTER FOREIGN TABLE resources OPTIONS (SET answer_check 'error');
SELECT count(*) FROM resources WHERE month = '2023-04' AND business_code = 'p_cvm'; -- ERROR
DROP TABLE april;

--
-- texts from the network: no control characters, no secrets, not endless
--
\! simctl config '{"faults": [{"error": {"code": "InvalidParameter", "message": "line one\nline two\ttab \u001b[31mred\u0007 用户"}}], "ignore_filters": []}'
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
\! simctl config '{"faults": [{"error": {"code": "InvalidParameter", "message": "id AKIDEXAMPLE0123456789abcdefghijkl key EXAMPLEKEY0123456789ABCDEFGHIJ end"}}]}'
SELECT * FROM modes WHERE month = '2023-04'; -- ERROR
SELECT format('{"faults": [{"error": {"code": "InvalidParameter", "message": "%s"}}]}', repeat('x', 5000)) AS config \gset
\setenv CONFIG :config
\! simctl config "$CONFIG"
CREATE FUNCTION message_length(query text) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  RETURN 0;
EXCEPTION WHEN OTHERS THEN
  RETURN length(SQLERRM);
END $$;
SELECT message_length('SELECT * FROM modes WHERE month = ''2023-04''') BETWEEN 500 AND 1200 AS capped;

--
-- retries: as often as told, then the error; the next statement starts anew
--
ALTER SERVER sim OPTIONS (SET max_retries '1');
\! simctl reset
\! simctl config '{"request_id": "counted", "faults": [{"times": 2, "error": {"code": "InternalError", "message": "Something broke."}}]}'
SELECT count(*) FROM modes WHERE month = '2023-04'; -- ERROR
SELECT count(*) FROM modes WHERE month = '2023-04';
\! simctl bodies
-- what retrying cannot help is asked once
\! simctl reset
\! simctl config '{"request_id": "counted", "faults": [{"error": {"code": "InvalidParameter", "message": "A parameter is wrong."}}]}'
SELECT count(*) FROM modes WHERE month IN ('2023-03', '2023-04'); -- ERROR
\! simctl bodies
-- a setting overrides how long to wait for a bill
\! simctl reset
\! simctl config '{"request_id": "counted", "faults": [{"times": 1, "not_ready": true}]}'
ALTER SERVER sim OPTIONS (ADD ready_interval '1s');
SET billing_fdw.ready_timeout = '2s';
SELECT count(*) FROM modes WHERE month = '2023-04';
SET billing_fdw.ready_timeout = 0;
\! simctl config '{"faults": [{"times": 1, "not_ready": true}]}'
SELECT count(*) FROM modes WHERE month = '2023-04'; -- ERROR
RESET billing_fdw.ready_timeout;
\! simctl bodies
\! simctl reset

SET client_min_messages = warning;
DROP SCHEMA errors CASCADE;
DROP SERVER sim CASCADE;
DROP EXTENSION billing_fdw;
