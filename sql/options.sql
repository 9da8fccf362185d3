--
-- Options of servers, foreign tables and user mappings: what is accepted,
-- what is refused, and that a change counts from the next statement on
--
\getenv sim BILLING_SIM_URL
\! simctl reset

CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint :'sim', max_concurrency '1', requests_per_second '1000');
CREATE USER MAPPING FOR CURRENT_USER SERVER sim
  OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl', secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
CREATE SCHEMA options;
SET search_path = options, public;
IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO options;
CREATE FOREIGN TABLE t (month text) SERVER sim OPTIONS (table_name 'bill_summary');

-- Tries a value in a place; tells the outcome, and whether the message shows the value
CREATE FUNCTION try_option(place text, option text, value text, OUT outcome text, OUT hint text, OUT shown bool)
LANGUAGE plpgsql AS $$
DECLARE message text; detail text; state text;
BEGIN
  BEGIN
    IF place = 'server' THEN
      EXECUTE format('CREATE SERVER tried FOREIGN DATA WRAPPER billing_fdw OPTIONS (%I %L)', option, value);
    ELSIF place = 'table' THEN
      EXECUTE format('CREATE FOREIGN TABLE tried (month text) SERVER sim OPTIONS (%I %L)', option, value);
    ELSIF place = 'column' THEN
      EXECUTE format('CREATE FOREIGN TABLE tried (month text OPTIONS (%I %L)) SERVER sim', option, value);
    ELSIF place = 'mapping' THEN
      EXECUTE format('CREATE USER MAPPING FOR PUBLIC SERVER sim OPTIONS (%I %L)', option, value);
    ELSIF place = 'wrapper' THEN
      EXECUTE format('ALTER FOREIGN DATA WRAPPER billing_fdw OPTIONS (%I %L)', option, value);
    END IF;
    RAISE SQLSTATE 'TRIED';
  EXCEPTION
    WHEN SQLSTATE 'TRIED' THEN
      outcome := 'accepted';
    WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
        hint = PG_EXCEPTION_HINT, state = RETURNED_SQLSTATE;
      outcome := state || ' ' || message;
      shown := length(value) > 3 AND position(value IN message || detail || hint) > 0;
  END;
END $$;

--
-- bounds of numbers, with units
--
SELECT o.option, o.value, t.outcome, t.hint, t.shown
  FROM (VALUES
    ('connect_timeout', '0'), ('connect_timeout', '1'), ('connect_timeout', '600'), ('connect_timeout', '10min'),
    ('connect_timeout', '601'), ('connect_timeout', '11min'), ('connect_timeout', '-1'), ('connect_timeout', '1500ms'),
    ('connect_timeout', '100ms'), ('connect_timeout', '5 s'), ('connect_timeout', '5parsecs'), ('connect_timeout', ''),
    ('connect_timeout', '10abc'), ('connect_timeout', '99999999999999999999'),
    ('request_timeout', '1s'), ('request_timeout', '600s'), ('request_timeout', '0s'), ('request_timeout', '1h'),
    ('max_response_size', '64'), ('max_response_size', '63'), ('max_response_size', '1GB'),
    ('max_response_size', '1025MB'), ('max_response_size', '32MB'), ('max_response_size', '32mb'),
    ('max_response_size', '30s'),
    ('page_size', '1'), ('page_size', '3000'), ('page_size', '0'), ('page_size', '3001'), ('page_size', '10kB'),
    ('max_retries', '0'), ('max_retries', '20'), ('max_retries', '21'), ('max_retries', '-1'), ('max_retries', 'many'),
    ('throttle_timeout', '0'), ('throttle_timeout', '1h'), ('throttle_timeout', '3601'),
    ('ready_interval', '0'), ('ready_interval', '1'), ('ready_interval', '60min'), ('ready_interval', '61min'),
    ('ready_timeout', '0'), ('ready_timeout', '1d'), ('ready_timeout', '86401'),
    ('max_requests', '0'), ('max_requests', '1'), ('max_requests', '10000000'), ('max_requests', '10000001')
  ) AS o(option, value), LATERAL try_option('server', o.option, o.value) t;

-- those of tables have the same bounds there
SELECT o.option, o.value, t.outcome, t.hint
  FROM (VALUES
    ('page_size', '3000'), ('page_size', '3001'), ('max_retries', '20'), ('max_retries', '21'),
    ('throttle_timeout', '0'), ('throttle_timeout', '2h'), ('ready_interval', '1s'), ('ready_interval', '500ms'),
    ('ready_timeout', '15min'), ('ready_timeout', '25h'), ('max_requests', '1'), ('max_requests', 'x'),
    ('answer_check', 'warning'), ('answer_check', 'warn')
  ) AS o(option, value), LATERAL try_option('table', o.option, o.value) t;

-- every number has its bounds in billing_fdw_options(), and they hold
SELECT o.option, split_part(o.range, ' to ', n) AS value, t.outcome
  FROM billing_fdw_options() o, generate_series(1, 2) n,
       LATERAL try_option('server', o.option, split_part(o.range, ' to ', n)) t
 WHERE o.range ~ '^\d+[a-zA-Z]* to \d+[a-zA-Z]*$' AND t.outcome <> 'accepted';
-- and so do the defaults
SELECT o.option, o.initial, t.outcome
  FROM billing_fdw_options() o, LATERAL try_option('server', o.option, o.initial) t
 WHERE o.initial IS NOT NULL AND t.outcome <> 'accepted';

--
-- words
--
SELECT o.option, o.value, t.outcome, t.hint, t.shown
  FROM (VALUES
    ('site', 'intl'), ('site', 'china'), ('site', 'Intl'), ('site', 'domestic'), ('site', ''),
    ('language', 'zh-CN'), ('language', 'en-US'), ('language', 'zh-cn'), ('language', 'german'),
    ('answer_check', 'error'), ('answer_check', 'warning'), ('answer_check', 'off'), ('answer_check', 'on'),
    ('region', 'ap-guangzhou'), ('region', ''), ('region', 'ap guangzhou'), ('region', E'ap\r\nX-Evil: 1'),
    ('region', '广州'), ('currency', 'USD'), ('currency', '元'), ('currency', ''),
    ('ca_file', '/no/such/file'), ('ca_file', '')
  ) AS o(option, value), LATERAL try_option('server', o.option, o.value) t;

--
-- endpoints and proxies
--
SELECT o.option, o.value, t.outcome, t.hint, t.shown
  FROM (VALUES
    ('endpoint', 'billing.tencentcloudapi.com'), ('endpoint', 'https://billing.tencentcloudapi.com'),
    ('endpoint', 'billing.ap-guangzhou.tencentcloudapi.com:443'), ('endpoint', 'http://127.0.0.1:8080'),
    ('endpoint', 'http://[::1]:8080'), ('endpoint', 'http://127.9.9.9'),
    ('endpoint', 'http://billing.tencentcloudapi.com'), ('endpoint', 'http://localhost:8080'),
    ('endpoint', 'http://128.0.0.1'), ('endpoint', 'http://127.0.0.1.example.com'),
    ('endpoint', 'ftp://billing.tencentcloudapi.com'), ('endpoint', 'https://user:geheim@billing.tencentcloudapi.com'),
    ('endpoint', 'https://billing.tencentcloudapi.com/path'), ('endpoint', 'https://billing.tencentcloudapi.com?query=1'),
    ('endpoint', 'https://billing.tencentcloudapi.com#fragment'), ('endpoint', 'billing.tencentcloudapi.com:70000'),
    ('endpoint', 'billing tencentcloudapi com'), ('endpoint', ''), ('endpoint', 'https://'),
    ('proxy', 'http://proxy.example.com:3128'), ('proxy', 'https://proxy.example.com:3128'),
    ('proxy', 'http://user:geheim@proxy.example.com:3128'), ('proxy', 'socks5://proxy.example.com:1080'),
    ('proxy', '')
  ) AS o(option, value), LATERAL try_option('server', o.option, o.value) t;

--
-- months of a table, names, columns, secrets
--
SELECT o.place, o.option, o.value, t.outcome, t.hint, t.shown
  FROM (VALUES
    ('table', 'first_month', '2023-04'), ('table', 'first_month', '-0'), ('table', 'first_month', '-12'),
    ('table', 'first_month', '-1200'), ('table', 'first_month', '-1201'), ('table', 'first_month', '2023-13'),
    ('table', 'first_month', '2023-00'), ('table', 'first_month', '2023-4'), ('table', 'first_month', '12'),
    ('table', 'first_month', '2023-04-01'), ('table', 'first_month', ''), ('table', 'first_month', '-'),
    ('table', 'last_month', '2023-04'), ('table', 'last_month', '-1'), ('table', 'last_month', '+1'),
    ('table', 'last_month', 'now'), ('table', 'table_name', 'bill_summary'), ('table', 'table_name', ''),
    ('column', 'column_name', 'month'), ('column', 'column_name', ''), ('column', 'field', 'GroupKey'),
    ('column', 'field', ''), ('column', 'value', '2023-04'), ('column', 'value', ''),
    ('mapping', 'secret_id', 'AKIDabc'), ('mapping', 'secret_id', ''), ('mapping', 'secret_id', ' AKIDabc'),
    ('mapping', 'secret_key', 'abcdef'), ('mapping', 'secret_key', ''), ('mapping', 'secret_key', E'abcdef\n'),
    ('mapping', 'secret_key', 'abcdef '), ('mapping', 'secret_key', 'schlüssel'),
    ('mapping', 'token', 'abcdef'), ('mapping', 'token', ''), ('mapping', 'token', E'ab\tcd'),
    ('mapping', 'proxy_user', 'me'), ('mapping', 'proxy_user', ''), ('mapping', 'proxy_password', 'with blanks'),
    ('mapping', 'proxy_password', '')
  ) AS o(place, option, value), LATERAL try_option(o.place, o.option, o.value) t;
-- too long for a header
SELECT length(o.value), t.outcome, t.hint, t.shown
  FROM (VALUES ('secret_id', repeat('A', 100000)), ('token', repeat('A', 8192)), ('token', repeat('A', 8193)))
       AS o(option, value), LATERAL try_option('mapping', o.option, o.value) t;

--
-- each option in each place: where it does not belong it is refused
--
SELECT o.option, o.place AS belongs_to, string_agg(p.place, ', ' ORDER BY p.place) AS refused
  FROM billing_fdw_options() o,
       (VALUES ('server'), ('table'), ('column'), ('mapping'), ('wrapper')) AS p(place),
       LATERAL try_option(p.place, o.option, 'x') t
 WHERE t.outcome = format('HV00D invalid place for option "%s"', o.option)
   AND t.hint = format('Option "%s" is an option of: %s.', o.option, o.place)
 GROUP BY 1, 2 ORDER BY 1;

-- names that are none
SELECT o.place, o.option, t.outcome, t.hint
  FROM (VALUES ('server', 'endpont'), ('server', 'max_retry'), ('server', 'user'), ('server', 'SITE'),
               ('server', 'secretid'), ('table', 'tablename'), ('table', 'first_mon'), ('table', 'schema_name'),
               ('column', 'columnname'), ('column', 'fields'), ('mapping', 'secret_kay'), ('mapping', 'password'),
               ('wrapper', 'debug'), ('server', repeat('x', 63)))
       AS o(place, option), LATERAL try_option(o.place, o.option, 'geheim') t;
-- what core itself checks
ALTER SERVER sim OPTIONS (ADD max_retries '1', ADD max_retries '2'); -- ERROR
ALTER SERVER sim OPTIONS (SET max_retries '1'); -- ERROR
ALTER SERVER sim OPTIONS (DROP max_retries); -- ERROR
CREATE SERVER typed TYPE 'x' VERSION '1' FOREIGN DATA WRAPPER billing_fdw;
DROP SERVER typed;
-- two options of a column that exclude each other
CREATE FOREIGN TABLE tried (month text OPTIONS (field 'A', column_name 'month')) SERVER sim; -- ERROR
CREATE FOREIGN TABLE tried (month text OPTIONS (field 'A', value '2023-04')) SERVER sim; -- ERROR

--
-- the next statement uses what was altered, prepared statements too
--
\! simctl reset
PREPARE costs AS SELECT count(*) FROM bill_summary WHERE month = '2023-04' AND group_type = 'payMode';
PREPARE resources AS SELECT count(*) FROM bill_resource_summary_for_organization WHERE month = '2023-04';
\! simctl config '{"rows": 4}'
EXECUTE costs;
EXECUTE resources;
ALTER SERVER sim OPTIONS (ADD page_size '3');
EXECUTE resources;
ALTER FOREIGN TABLE bill_resource_summary_for_organization OPTIONS (ADD page_size '2');
EXECUTE resources;
ALTER FOREIGN TABLE bill_resource_summary_for_organization OPTIONS (DROP page_size);
EXECUTE resources;
ALTER SERVER sim OPTIONS (DROP page_size);
ALTER FOREIGN TABLE bill_resource_summary_for_organization OPTIONS (ADD page_size '1');
EXECUTE resources;
ALTER FOREIGN TABLE bill_resource_summary_for_organization OPTIONS (SET page_size '900');
EXECUTE resources;
\! simctl bodies
-- in a transaction as well, and undone with it
\! simctl reset
\! simctl config '{"rows": 4}'
BEGIN;
ALTER SERVER sim OPTIONS (ADD endpoint 'http://127.0.0.1:1'); -- ERROR
ROLLBACK;
BEGIN;
ALTER SERVER sim OPTIONS (SET endpoint 'http://127.0.0.1:1', ADD max_retries '0');
\set VERBOSITY sqlstate
EXECUTE costs; -- ERROR
\set VERBOSITY default
ROLLBACK;
EXECUTE costs;
-- keys: the wrong one, then the right one
ALTER USER MAPPING FOR CURRENT_USER SERVER sim OPTIONS (SET secret_key 'wrong');
\set VERBOSITY terse
EXECUTE costs; -- ERROR
ALTER USER MAPPING FOR CURRENT_USER SERVER sim OPTIONS (SET secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
EXECUTE costs;
ALTER USER MAPPING FOR CURRENT_USER SERVER sim OPTIONS (DROP secret_key);
EXECUTE costs; -- ERROR
ALTER USER MAPPING FOR CURRENT_USER SERVER sim OPTIONS (ADD secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ', DROP secret_id);
EXECUTE costs; -- ERROR
\set VERBOSITY default
EXECUTE costs; -- ERROR
ALTER USER MAPPING FOR CURRENT_USER SERVER sim OPTIONS (ADD secret_id 'AKIDEXAMPLE0123456789abcdefghijkl');
EXECUTE costs;
-- what each call was told: language, region, token; this token is none
\! simctl reset
\! simctl config '{"request_id": "counted"}'
EXECUTE costs;
ALTER SERVER sim OPTIONS (ADD site 'china', ADD region 'ap-guangzhou');
ALTER USER MAPPING FOR CURRENT_USER SERVER sim OPTIONS (ADD token 'session-token');
EXECUTE costs; -- ERROR
ALTER SERVER sim OPTIONS (ADD language 'en-US', DROP region);
ALTER USER MAPPING FOR CURRENT_USER SERVER sim OPTIONS (DROP token);
EXECUTE costs;
ALTER SERVER sim OPTIONS (DROP site, DROP language);
\! simctl log | grep -oiE '"X-TC-(Language|Region|Token|RequestClient|Version)":"[^"]*"'
-- a label for the column "currency"
SELECT DISTINCT currency FROM bill_summary_by_pay_mode WHERE month = '2023-04';
ALTER SERVER sim OPTIONS (ADD currency 'US dollars');
SELECT DISTINCT currency FROM bill_summary_by_pay_mode WHERE month = '2023-04';
-- the months of a table
\! simctl reset
ALTER FOREIGN TABLE bill_summary_by_pay_mode OPTIONS (ADD first_month '2023-03', ADD last_month '2023-04');
SELECT month, count(*) FROM bill_summary_by_pay_mode GROUP BY month ORDER BY month;
ALTER FOREIGN TABLE bill_summary_by_pay_mode OPTIONS (SET first_month '2023-04');
SELECT month, count(*) FROM bill_summary_by_pay_mode GROUP BY month ORDER BY month;
\! simctl bodies

DEALLOCATE ALL;
SET client_min_messages = warning;
DROP SCHEMA options CASCADE;
DROP SERVER sim CASCADE;
DROP EXTENSION billing_fdw;
