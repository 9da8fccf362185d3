--
-- Input columns: they hold what was asked for, so only conditions that can be
-- asked for are allowed; every other use is refused before any call
--
\setenv SIM_CONFIG '{"rows": 40, "request_id": "counted"}'
\i sql/common.psql

CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint :'sim', max_concurrency '1', requests_per_second '1000');
CREATE USER MAPPING FOR CURRENT_USER SERVER sim
  OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl', secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
CREATE SCHEMA input_columns;
SET search_path = input_columns, public;
IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO input_columns;
ALTER FOREIGN TABLE bill_summary_by_pay_mode RENAME TO modes;
ALTER FOREIGN TABLE bill_resource_summary_for_organization RENAME TO resources;
CREATE TABLE payers (uin text, month text);
INSERT INTO payers VALUES ('100000000001', '2023-04'), ('100000000002', '2023-05');
CREATE TEMP TABLE april AS SELECT * FROM resources WHERE month = '2023-04';
:sent

--
-- payer_uin, operate_uin: what was asked for, NULL when nothing was
--
SELECT DISTINCT payer_uin FROM modes WHERE month = '2023-04';
SELECT DISTINCT payer_uin FROM modes WHERE month = '2023-04' AND payer_uin IS NULL;
SELECT DISTINCT payer_uin FROM modes WHERE month = '2023-04' AND payer_uin = '100000000001';
SELECT payer_uin, count(*) FROM modes WHERE month = '2023-04' AND payer_uin IN ('100000000001', '100000000002', '100000000001', NULL) GROUP BY 1 ORDER BY 1;
SELECT payer_uin, operate_uin, count(*) > 0 FROM bill_summary WHERE month = '2023-04' AND group_type = 'payMode'
   AND payer_uin = ANY ('{100000000001}') AND operate_uin IN ('909619400', '100000000001') GROUP BY 1, 2 ORDER BY 1, 2;
SELECT count(*) FROM modes WHERE month = '2023-04' AND payer_uin = NULL;
SELECT count(*) FROM modes WHERE month = '2023-04' AND payer_uin = (SELECT uin FROM payers WHERE month = 'none');
SELECT payer_uin, count(*) FROM modes WHERE month = '2023-04' AND payer_uin = (SELECT min(uin) FROM payers) GROUP BY 1;
SELECT payer_uin, count(*) FROM modes WHERE month = '2023-04' AND payer_uin = ANY (ARRAY(SELECT uin FROM payers)) GROUP BY 1 ORDER BY 1;
SELECT payer_uin, count(*) FROM modes WHERE month = '2023-04' AND payer_uin = ANY ('{}') GROUP BY 1 ORDER BY 1;
-- two conditions: the second is a filter
SELECT payer_uin, count(*) FROM modes WHERE month = '2023-04' AND payer_uin IN ('1', '2') AND payer_uin IN ('2', '3') GROUP BY 1;
:sent
-- more than 32 values: sent all the same, they cannot be found in the rows
SELECT count(*), count(DISTINCT payer_uin) FROM modes WHERE month = '2023-04' AND payer_uin = ANY (ARRAY(SELECT i::text FROM generate_series(1, 40) i));
\! simctl bodies | wc -l
:fresh
PREPARE payer(text) AS SELECT payer_uin, count(*) FROM modes WHERE month = '2023-04' AND payer_uin = $1 GROUP BY 1;
SET plan_cache_mode = force_generic_plan;
EXECUTE payer('100000000001');
EXECUTE payer(NULL);
RESET plan_cache_mode;
DEALLOCATE ALL;
-- each outer row its own
SELECT p.uin, x.payer_uin, x.n FROM payers p,
  LATERAL (SELECT payer_uin, count(*) AS n FROM modes m WHERE m.month = p.month AND m.payer_uin = p.uin GROUP BY 1) x ORDER BY 1;
SELECT p.uin, x.payer_uin, x.pay_mode FROM payers p,
  LATERAL (SELECT * FROM modes m WHERE m.month = p.month AND m.payer_uin = p.uin OFFSET 0) x WHERE x.pay_mode = 'prePay' ORDER BY 1;
SELECT p.uin, (SELECT count(*) FROM modes m WHERE m.month = p.month AND m.payer_uin = p.uin) FROM payers p ORDER BY 1;
-- above the scan it is an ordinary column
SELECT payer_uin || '!' AS p, count(*) FROM modes WHERE month = '2023-04' AND payer_uin = '1' GROUP BY payer_uin HAVING count(payer_uin) > 0 ORDER BY payer_uin || 'x';
SELECT * FROM (SELECT payer_uin, pay_mode FROM modes WHERE month = '2023-04' OFFSET 0) x WHERE payer_uin <> 'x' OR payer_uin IS NULL;
:sent

--
-- other uses: all but a few are refused
--
CREATE FUNCTION misuse(condition text, OUT state text, OUT message text, OUT hint text) LANGUAGE plpgsql AS $$
DECLARE n int; tab text := CASE WHEN condition ~ 'tag_|action_type' THEN 'resources' ELSE 'modes' END;
BEGIN
  EXECUTE format('SELECT count(*) FROM %I WHERE month = ''2023-04'' AND %s', tab, condition) INTO n;
  state := 'none'; message := n || ' rows';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
END $$;
SELECT c.*, m.state, m.message
  FROM unnest(ARRAY[
    $$payer_uin <> '1'$$, $$payer_uin > '1'$$, $$payer_uin NOT IN ('1', '2')$$, $$payer_uin LIKE '1%'$$,
    $$payer_uin IS NOT NULL$$, $$payer_uin IS DISTINCT FROM '1'$$, $$payer_uin IS NOT DISTINCT FROM '1'$$,
    $$payer_uin BETWEEN '1' AND '2'$$, $$NOT (payer_uin = '1')$$, $$(payer_uin = '1') IS TRUE$$,
    $$payer_uin = '1' OR payer_uin = '2'$$, $$(payer_uin = '1' OR pay_mode = 'prePay')$$, $$(payer_uin = '1' OR payer_uin IS NULL)$$,
    $$lower(payer_uin) = '1'$$, $$payer_uin || '' = '1'$$, $$coalesce(payer_uin, '1') = '1'$$, $$payer_uin::int = 1$$,
    $$payer_uin = pay_mode$$, $$payer_uin = payer_uin$$, $$payer_uin = ALL ('{1}')$$, $$payer_uin <> ALL ('{1}')$$,
    $$payer_uin = '1' || (random() >= 0)::text$$, $$CASE WHEN payer_uin = '1' THEN true END$$, $$payer_uin ~ '^1$'$$,
    $$payer_uin = '1' COLLATE "en-x-icu"$$, $$payer_uin = '1'::char(3)$$, $$payer_uin = '1'::name$$, $$modes IS NOT NULL$$, $$modes::text LIKE '%prePay%'$$,
    $$(payer_uin, pay_mode) IN (('1', 'prePay'), ('2', 'prePay'))$$, $$row(payer_uin, pay_mode) = row('1', 'prePay')$$,
    $$payer_uin = '1' AND payer_uin <> '2'$$, $$payer_uin = '1' AND payer_uin IS NOT NULL$$,
    $$action_type LIKE 'D%'$$, $$tag_key <> 'env'$$, $$tag_key IS NOT NULL$$,
    $$tag_value = 'prod'$$, $$tag_value IS NULL$$, $$tag_value LIKE 'p%'$$, $$tag_key IS NULL AND tag_value = 'prod'$$,
    $$tag_key = 'env' AND tag_value <> 'prod'$$, $$tag_key = 'env' AND (tag_value = 'prod' OR tag_value = 'test')$$,
    $$tag_key = 'env' AND tag_value > 'p'$$, $$(tag_key = 'env' OR tag_key = 'team')$$,
    $$(tag_key, tag_value) IN (('env', 'prod'), ('team', 'search'))$$
  ]) AS c(condition), LATERAL misuse(c.condition) m;
SELECT hint FROM misuse($$payer_uin <> '1'$$);
SELECT hint FROM misuse($$tag_value = 'prod'$$);
-- refused before any call
:sent
-- types whose equality is not that of the texts
CREATE FOREIGN TABLE padded (month text, group_type text OPTIONS (value 'payMode'), payer_uin char(15), operate_uin name, group_key text)
  SERVER sim OPTIONS (table_name 'bill_summary');
SELECT count(*) FROM padded WHERE month = '2023-04' AND payer_uin = '100000000001'; -- ERROR
SELECT count(*) FROM padded WHERE month = '2023-04' AND operate_uin = '100000000001'; -- ERROR
SELECT DISTINCT payer_uin, operate_uin FROM padded WHERE month = '2023-04' AND payer_uin IS NULL;
:sent
-- joins by which the value reaches the scan, for each outer row its own
SELECT m.payer_uin, count(*) FROM payers p JOIN modes m ON m.payer_uin = p.uin AND m.month = '2023-04' GROUP BY 1 ORDER BY 1;
SELECT m.payer_uin, count(*) FROM payers p LEFT JOIN modes m ON m.payer_uin = p.uin AND m.month = p.month AND p.month = '2023-05' GROUP BY 1 ORDER BY 1;
SELECT count(*) FROM payers p WHERE EXISTS (SELECT FROM modes m WHERE m.payer_uin = p.uin AND m.month = '2023-04');
SELECT count(*) FROM payers p WHERE NOT EXISTS (SELECT FROM modes m WHERE m.payer_uin = p.uin AND m.month = '2023-04');
SELECT payer_uin, count(*) FROM modes WHERE month = '2023-04' AND payer_uin IN (SELECT uin FROM payers) GROUP BY 1 ORDER BY 1;
:sent_sorted
-- other joins: their result would depend on the plan
SELECT count(*) FROM modes m LEFT JOIN payers p ON m.payer_uin = p.uin WHERE m.month = '2023-04'; -- ERROR
SELECT count(*) FROM payers p JOIN modes m ON m.payer_uin > p.uin AND m.month = '2023-04'; -- ERROR
SELECT count(*) FROM payers p JOIN modes m ON upper(m.payer_uin) = p.uin AND m.month = '2023-04'; -- ERROR
SELECT count(*) FROM modes m WHERE NOT EXISTS (SELECT FROM payers p WHERE m.payer_uin = p.uin) AND m.month = '2023-04'; -- ERROR
SELECT count(*) FROM modes WHERE month = '2023-04' AND payer_uin NOT IN (SELECT uin FROM payers); -- ERROR
SELECT count(*) FROM modes a JOIN modes b USING (payer_uin) WHERE a.month = '2023-04' AND b.month = '2023-04'; -- ERROR
:sent
-- with the ways out that the hint names
SELECT count(*) FROM payers p WHERE EXISTS (SELECT FROM modes m WHERE m.payer_uin = p.uin AND m.month = '2023-04' OFFSET 0);
SELECT count(*) FROM payers p JOIN modes m ON m.payer_uin = p.uin WHERE m.month = '2023-04' AND m.payer_uin = '100000000001';
:sent
-- EXPLAIN tells, and nothing is refused where nothing is fetched
SELECT pg_temp.plan($$SELECT * FROM modes WHERE month = '2023-04' AND payer_uin <> '1'$$);
SELECT pay_mode FROM modes WHERE month = '2023-04' AND payer_uin <> '1' LIMIT 0;
:sent

--
-- action_type is a name of the API's own list
--
SELECT action_type, count(*) = (SELECT count(*) FROM april WHERE action_type_name IN ('Hourly settlement', '按量计费小时结')) AS same
  FROM resources WHERE month = '2023-04' AND action_type = 'Hourly pay-as-you-go' GROUP BY 1;
SELECT count(action_type), count(*) = (SELECT count(*) FROM april WHERE action_type_name = 'Hourly settlement') AS same
  FROM resources WHERE month = '2023-04' AND action_type_name = 'Hourly settlement';
:sent

--
-- tag_key of resources: each row once per key, tag_value from its tags
--
SELECT count(*), count(tag_key), count(tag_value) FROM resources WHERE month = '2023-04';
SELECT tag_key, count(*), count(tag_value), sum(real_total_cost) = (SELECT sum(real_total_cost) FROM april) AS same_sum
  FROM resources WHERE month = '2023-04' AND tag_key = 'env' GROUP BY 1;
SELECT tag_key, count(*), count(tag_value), sum(real_total_cost) = (SELECT sum(real_total_cost) FROM april) AS same_sum
  FROM resources WHERE month = '2023-04' AND tag_key IN ('env', 'owner', 'no such key', 'env') GROUP BY 1 ORDER BY 1;
-- three keys, one request: it is the same for all of them
:sent
-- the value is that of the row's tags, '' without the key
SELECT tag_key, count(*), count(*) FILTER (WHERE tag_value = coalesce(tags ->> tag_key, '')) AS right,
       count(*) FILTER (WHERE NOT tags ? tag_key AND tag_value = '') > 0 AS some_without
  FROM resources WHERE month = '2023-04' AND tag_key IN ('env', 'team') GROUP BY 1 ORDER BY 1;
:sent
-- key and value go out together, unless the value is empty
SELECT tag_key, tag_value, count(*) = (SELECT count(*) FROM april WHERE tags ->> 'env' = 'prod') AS same, count(*) > 0 AS some
  FROM resources WHERE month = '2023-04' AND tag_key = 'env' AND tag_value = 'prod' GROUP BY 1, 2;
SELECT tag_key, tag_value, count(*) = (SELECT count(*) FROM april WHERE coalesce(tags ->> 'env', '') = '') AS same, count(*) > 0 AS some
  FROM resources WHERE month = '2023-04' AND tag_key = 'env' AND tag_value = '' GROUP BY 1, 2;
SELECT tag_key, tag_value, count(*) > 0 AS some
  FROM resources WHERE month = '2023-04' AND tag_key IN ('env', 'team') AND tag_value IN ('prod', 'search') GROUP BY 1, 2 ORDER BY 1, 2;
:sent
-- an empty value is not sent, because the API may take it for none; it is filtered here
\! simctl config '{"tag_value_empty": "ignored"}'
SELECT tag_key, tag_value, count(*) = (SELECT count(*) FROM april WHERE coalesce(tags ->> 'env', '') = '') AS same
  FROM resources WHERE month = '2023-04' AND tag_key = 'env' AND tag_value = '' GROUP BY 1, 2;
:sent
-- a key alone never goes out, whatever it would mean
\! simctl config '{"tag_key_alone": "tagged"}'
SELECT count(*) = (SELECT count(*) FROM april) AS same FROM resources WHERE month = '2023-04' AND tag_key = 'env';
:sent
-- before 2021-01 tags are not sent
CREATE TEMP TABLE before AS SELECT * FROM resources WHERE month = '2020-12';
:fresh
SELECT tag_key, tag_value, count(*) = (SELECT count(*) FROM before WHERE tags ->> 'env' = 'prod') AS same, count(*) > 0 AS some
  FROM resources WHERE month = '2020-12' AND tag_key = 'env' AND tag_value = 'prod' GROUP BY 1, 2;
SELECT month, count(*) > 0 AS some FROM resources WHERE month IN ('2020-12', '2021-01') AND tag_key = 'env' AND tag_value = 'prod' GROUP BY 1 ORDER BY 1;
-- two values there: one request serves both, each row appears once
SELECT tag_value, count(*) = (SELECT count(*) FROM before b WHERE coalesce(b.tags ->> 'env', '') = r.tag_value) AS same
  FROM resources r WHERE month = '2020-12' AND tag_key = 'env' AND tag_value IN ('prod', 'test', '') GROUP BY 1 ORDER BY 1;
:sent
-- a value of no condition
SELECT tag_key, tag_value, count(*) FROM resources WHERE month = '2023-04' AND tag_key = 'env' AND tag_value IS NULL GROUP BY 1, 2;
SELECT DISTINCT tag_key, tag_value FROM resources WHERE month = '2023-04' AND tag_key IS NULL AND tag_value IS NULL;
:sent
-- tags themselves are an ordinary column, checked on the rows
SELECT count(*) = (SELECT count(*) FROM april WHERE tags @> '{"env": "prod"}') AS same FROM resources WHERE month = '2023-04' AND tags @> '{"env": "prod"}';
:sent
-- an input of one site only
CREATE SERVER intl FOREIGN DATA WRAPPER billing_fdw OPTIONS (endpoint :'sim', site 'intl');
CREATE FOREIGN TABLE details (month text, project_id text, product_code text) SERVER intl OPTIONS (table_name 'cost_detail');
SELECT * FROM details WHERE month = '2023-04' AND project_id = '7'; -- ERROR
ALTER SERVER intl OPTIONS (SET site 'china');
EXPLAIN (COSTS OFF, VERBOSE) SELECT * FROM details WHERE month = '2023-04' AND project_id = '7';
DROP SERVER intl CASCADE;
-- tag_key of bill_summary is read from the rows: no input column
SELECT tag_key, count(*) > 0 FROM bill_summary WHERE month = '2023-04' AND group_type IN ('region', 'payMode') AND (tag_key IS NULL OR tag_key LIKE 'x') GROUP BY 1;
:sent

SET client_min_messages = warning;
DROP TABLE april, before;
DROP SCHEMA input_columns CASCADE;
DROP SERVER sim CASCADE;
DROP EXTENSION billing_fdw;
\! simctl reset
