--
-- Whose keys, whose servers, who may do what
--
\setenv SIM_CONFIG '{"rows": 20, "request_id": "counted"}'
\i sql/common.psql

CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw
  OPTIONS (endpoint :'sim', max_concurrency '1', requests_per_second '1000');
CREATE SCHEMA privileges;
SET search_path = privileges, public;
IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO privileges;
ALTER FOREIGN TABLE bill_summary_by_pay_mode RENAME TO modes;
CREATE ROLE regress_billing_owner;
CREATE ROLE regress_billing_analyst;
CREATE ROLE regress_billing_other;
GRANT USAGE, CREATE ON SCHEMA privileges TO regress_billing_owner, regress_billing_other;
GRANT USAGE ON SCHEMA privileges TO regress_billing_analyst;
-- what differs between versions: newer ones name the server, too
\set VERBOSITY terse
CREATE FUNCTION outcome(query text, OUT state text, OUT message text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE query;
  state := 'none';
EXCEPTION WHEN OTHERS THEN
  state := SQLSTATE;
  message := regexp_replace(SQLERRM, 'for( user)? ("\w+"), server ".*"', 'for \2');
END $$;

--
-- a mapping is needed, that of the one who is checked
--
SELECT * FROM outcome('SELECT count(*) FROM modes WHERE month = ''2023-04''');
-- planning and EXPLAIN need none
EXPLAIN (COSTS OFF) SELECT count(*) FROM modes WHERE month = '2023-04';
-- nor does a scan that needs no call
SELECT count(*) FROM modes WHERE month > '2023-04' AND month < '2023-05';
:sent
CREATE USER MAPPING FOR regress_billing_owner SERVER sim
  OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl', secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
GRANT SELECT ON modes TO regress_billing_owner, regress_billing_analyst;
SET ROLE regress_billing_owner;
SELECT count(*) FROM modes WHERE month = '2023-04';
SET ROLE regress_billing_analyst;
SELECT * FROM outcome('SELECT count(*) FROM modes WHERE month = ''2023-04''');
RESET ROLE;
SELECT * FROM outcome('SELECT count(*) FROM modes WHERE month = ''2023-04''');
:sent
-- a view runs with the mapping of its owner
CREATE VIEW april AS SELECT month, pay_mode, real_total_cost FROM modes WHERE month = '2023-04';
ALTER VIEW april OWNER TO regress_billing_owner;
GRANT SELECT ON april TO regress_billing_analyst, regress_billing_other;
SET ROLE regress_billing_analyst;
SELECT count(*) FROM april;
SELECT count(*) FROM april WHERE pay_mode = 'prePay';
-- and so does a prepared statement
PREPARE april AS SELECT count(*) FROM april;
EXECUTE april;
SET ROLE regress_billing_other;
EXECUTE april;
RESET ROLE;
EXECUTE april;
DEALLOCATE ALL;
-- a view of security_invoker does not
ALTER VIEW april SET (security_invoker = true);
SET ROLE regress_billing_analyst;
SELECT * FROM outcome('SELECT count(*) FROM april');
RESET ROLE;
ALTER VIEW april RESET (security_invoker);
-- view and table in one query: each with its own
SET ROLE regress_billing_analyst;
SELECT * FROM outcome('SELECT count(*) FROM april a JOIN modes m USING (pay_mode) WHERE m.month = ''2023-05''');
RESET ROLE;
:sent
-- security definer
CREATE FUNCTION may() RETURNS bigint SECURITY DEFINER LANGUAGE sql SET search_path = privileges AS 'SELECT count(*) FROM modes WHERE month = ''2023-05''';
ALTER FUNCTION may() OWNER TO regress_billing_owner;
SET ROLE regress_billing_analyst;
SELECT may();
RESET ROLE;
-- a prepared statement looks the mapping up when it runs
PREPARE by_role AS SELECT count(*) FROM modes WHERE month = '2023-04';
SET ROLE regress_billing_owner;
EXECUTE by_role;
SET ROLE regress_billing_analyst;
SELECT * FROM outcome('EXECUTE by_role');
RESET ROLE;
DEALLOCATE ALL;
:sent
-- whose query it is counts, not who asks for its rows
BEGIN;
SET LOCAL ROLE regress_billing_owner;
DECLARE c CURSOR FOR SELECT month, pay_mode FROM modes WHERE month = '2023-04';
SET LOCAL ROLE regress_billing_other;
FETCH 1 FROM c;
ROLLBACK;
BEGIN;
SET LOCAL ROLE regress_billing_analyst;
DECLARE c CURSOR FOR SELECT month, pay_mode FROM modes WHERE month = '2023-04';
SET LOCAL ROLE regress_billing_owner;
SELECT * FROM outcome('FETCH 1 FROM c');
ROLLBACK;
CREATE FUNCTION opened() RETURNS refcursor SECURITY DEFINER LANGUAGE plpgsql SET search_path = privileges AS $$
DECLARE
  c refcursor := 'opened';
BEGIN
  OPEN c FOR SELECT month, pay_mode FROM modes WHERE month = '2023-05';
  RETURN c;
END $$;
ALTER FUNCTION opened() OWNER TO regress_billing_owner;
BEGIN;
SET LOCAL ROLE regress_billing_analyst;
SELECT opened();
FETCH 1 FROM opened;
ROLLBACK;
:sent
-- a running scan keeps the keys that it started with
BEGIN;
SET LOCAL ROLE regress_billing_owner;
DECLARE c CURSOR FOR SELECT month, pay_mode FROM modes WHERE month IN ('2023-04', '2023-05');
FETCH 1 FROM c;
RESET ROLE;
ALTER USER MAPPING FOR regress_billing_owner SERVER sim OPTIONS (SET secret_key 'wrong');
MOVE 5 IN c;
SET LOCAL ROLE regress_billing_owner;
SELECT * FROM outcome('SELECT count(*) FROM modes WHERE month = ''2023-04''');
ROLLBACK;
:sent
-- a mapping for PUBLIC serves those without one
CREATE USER MAPPING FOR PUBLIC SERVER sim OPTIONS (secret_id 'AKIDnobody', secret_key 'nothing');
SET ROLE regress_billing_analyst;
SELECT * FROM outcome('SELECT count(*) FROM modes WHERE month = ''2023-04''');
SET ROLE regress_billing_owner;
SELECT * FROM outcome('SELECT count(*) FROM modes WHERE month = ''2023-04''');
RESET ROLE;
DROP USER MAPPING FOR PUBLIC SERVER sim;
-- the privilege on the table comes first
SET ROLE regress_billing_other;
SELECT count(*) FROM modes WHERE month = '2023-04'; -- ERROR
RESET ROLE;
\! simctl reset

--
-- who sees the keys
--
SELECT usename, umoptions FROM pg_user_mappings WHERE srvname = 'sim';
SET ROLE regress_billing_analyst;
SELECT usename, umoptions FROM pg_user_mappings WHERE srvname = 'sim';
SELECT * FROM pg_user_mapping; -- ERROR
SELECT option_name, option_value FROM information_schema.user_mapping_options WHERE foreign_server_name = 'sim';
-- the user of the mapping sees it only with USAGE on the server
SET ROLE regress_billing_owner;
SELECT usename, umoptions FROM pg_user_mappings WHERE srvname = 'sim';
RESET ROLE;
GRANT USAGE ON FOREIGN SERVER sim TO regress_billing_owner;
SET ROLE regress_billing_owner;
SELECT usename, umoptions FROM pg_user_mappings WHERE srvname = 'sim';
RESET ROLE;

--
-- where servers of ordinary users may send requests
--
GRANT USAGE ON FOREIGN DATA WRAPPER billing_fdw TO regress_billing_other;
SET ROLE regress_billing_other;
SHOW billing_fdw.allowed_endpoints;
SET billing_fdw.allowed_endpoints = '*'; -- ERROR
CREATE SERVER mine FOREIGN DATA WRAPPER billing_fdw OPTIONS (endpoint :'sim');
CREATE USER MAPPING FOR CURRENT_USER SERVER mine
  OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl', secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
CREATE FOREIGN TABLE my_modes (month text, pay_mode text) SERVER mine OPTIONS (table_name 'bill_summary_by_pay_mode');
\set VERBOSITY default
SELECT count(*) FROM my_modes WHERE month = '2023-04'; -- ERROR
EXPLAIN (COSTS OFF) SELECT count(*) FROM my_modes WHERE month = '2023-04';
-- that a superuser uses it changes nothing: the owner of the server counts
RESET ROLE;
CREATE USER MAPPING FOR CURRENT_USER SERVER mine
  OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl', secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
SELECT count(*) FROM my_modes WHERE month = '2023-04'; -- ERROR
SET billing_fdw.allowed_endpoints = '';
SELECT count(*) FROM my_modes WHERE month = '2023-04'; -- ERROR
SET billing_fdw.allowed_endpoints = '127.0.0.2,0.0.1,127.0.0.10,127.0.0,*.127.0.0.1';
SELECT count(*) FROM my_modes WHERE month = '2023-04'; -- ERROR
:sent
SET billing_fdw.allowed_endpoints = '*.example.com, 127.0.0.1';
SELECT count(*) FROM my_modes WHERE month = '2023-04';
SET ROLE regress_billing_other;
SELECT count(*) FROM my_modes WHERE month = '2023-04';
:sent
ALTER SERVER mine OPTIONS (ADD proxy 'http://proxy.example.org:3128');
SELECT count(*) FROM my_modes WHERE month = '2023-04'; -- ERROR
ALTER SERVER mine OPTIONS (DROP proxy);
RESET ROLE;
RESET billing_fdw.allowed_endpoints;
ALTER SERVER mine OWNER TO CURRENT_USER;
SELECT count(*) FROM my_modes WHERE month = '2023-04';
:sent
DROP USER MAPPING FOR CURRENT_USER SERVER mine;
ALTER SERVER mine OWNER TO regress_billing_other;

--
-- files of the database server
--
SET ROLE regress_billing_other;
ALTER SERVER mine OPTIONS (ADD ca_file '/etc/passwd'); -- ERROR
CREATE SERVER yours FOREIGN DATA WRAPPER billing_fdw OPTIONS (ca_file '/etc/passwd'); -- ERROR
RESET ROLE;
GRANT pg_read_server_files TO regress_billing_other;
SET ROLE regress_billing_other;
ALTER SERVER mine OPTIONS (ADD ca_file '/no/such/file');
RESET ROLE;
-- without the role nothing else of such a server may be changed: the options are checked together
REVOKE pg_read_server_files FROM regress_billing_other;
SET ROLE regress_billing_other;
ALTER SERVER mine OPTIONS (ADD max_retries '0'); -- ERROR
ALTER SERVER mine OPTIONS (DROP ca_file);
RESET ROLE;

--
-- functions
--
SET ROLE regress_billing_analyst;
SELECT count(*) > 50 AS many FROM billing_fdw_tables();
-- comments of tables that one does not own cannot be set
SELECT command FROM billing_fdw_table_comments('modes') AS command LIMIT 1;
COMMENT ON FOREIGN TABLE modes IS 'x'; -- ERROR
CREATE SERVER yours FOREIGN DATA WRAPPER billing_fdw; -- ERROR
SET ROLE regress_billing_other;
CREATE FOREIGN TABLE yours (month text) SERVER sim OPTIONS (table_name 'bill_summary'); -- ERROR
IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO privileges; -- ERROR
CREATE USER MAPPING FOR CURRENT_USER SERVER sim; -- ERROR
RESET ROLE;

\! simctl reset
SET client_min_messages = warning;
DROP SCHEMA privileges CASCADE;
DROP SERVER sim CASCADE;
DROP SERVER mine CASCADE;
DROP EXTENSION billing_fdw;
DROP OWNED BY regress_billing_owner, regress_billing_analyst, regress_billing_other;
DROP ROLE regress_billing_owner, regress_billing_analyst, regress_billing_other;
