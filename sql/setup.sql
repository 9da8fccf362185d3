--
-- The extension: its objects, functions that show the catalog, privileges
--
\getenv sim BILLING_SIM_URL
\! simctl reset

CREATE EXTENSION billing_fdw;
SELECT extname, extversion, extrelocatable, obj_description(oid, 'pg_extension') FROM pg_extension WHERE extname = 'billing_fdw';
\dew+ billing_fdw
\df billing_fdw*

-- functions are described, and none is executable by more than it should be
SELECT p.oid::regprocedure AS function, provolatile, proisstrict, proparallel,
       has_function_privilege('public', p.oid, 'EXECUTE') AS public,
       obj_description(p.oid) AS description
  FROM pg_proc p JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e'
  JOIN pg_extension e ON e.oid = d.refobjid
 WHERE e.extname = 'billing_fdw' AND d.classid = 'pg_proc'::regclass
 ORDER BY 1::text COLLATE "C";

-- it is not trusted: an ordinary user cannot create it
SELECT name, superuser, trusted, relocatable, requires
  FROM pg_available_extension_versions WHERE name = 'billing_fdw';

--
-- tables
--
SELECT table_name, family, action, sites FROM billing_fdw_tables()
 WHERE action IN ('DescribeBillSummary', 'DescribeBillList', 'DescribeCPQBillingMapping');
SELECT count(*) > 50 AS many, count(*) - count(DISTINCT table_name) AS twice FROM billing_fdw_tables();
-- an action is a table, or there is a reason why not
SELECT action FROM billing_fdw_omissions() WHERE reason !~ '^[A-Z].*\.$' OR action IN (SELECT action FROM billing_fdw_tables());
\x on
SELECT grain, caution FROM billing_fdw_tables() WHERE table_name = 'bill_summary';
\x off
-- every table says what a row is
SELECT table_name FROM billing_fdw_tables()
 WHERE grain IS NULL OR grain !~ '^One row( per |: ).*\.$' OR caution IS NULL OR caution !~ '\.$';

--
-- columns
--
SELECT column_name, type, unit, field, required, pushdown, example FROM billing_fdw_columns('bill_summary');
SELECT column_name, description FROM billing_fdw_columns('bill_summary')
 WHERE column_name IN ('month', 'total_cost', 'tag_key');
SELECT column_name, type, field, required, pushdown
  FROM billing_fdw_columns('bill_resource_summary_for_organization')
 WHERE pushdown <> 'checked on the rows' OR type NOT IN ('text', 'numeric');
SELECT t.table_name, count(*), count(*) FILTER (WHERE c.required = 'yes') AS required
  FROM billing_fdw_tables() t, LATERAL billing_fdw_columns(t.table_name) c
 WHERE t.action IN ('DescribeBillSummary', 'DescribeBillList')
 GROUP BY 1 ORDER BY 1;
-- amounts are numeric, wherever they occur, and every column is described
SELECT DISTINCT c.type
  FROM billing_fdw_tables() t, LATERAL billing_fdw_columns(t.table_name) c
 WHERE column_name ~ '_cost$|_amount$|^discount$|_deduction$|_ratio$|_with_';
SELECT t.table_name, c.column_name
  FROM billing_fdw_tables() t, LATERAL billing_fdw_columns(t.table_name) c
 WHERE coalesce(c.description, '') !~ '[^.]$';
SELECT billing_fdw_columns('bill_sumary'); -- ERROR
SELECT count(*) FROM billing_fdw_columns(NULL);

--
-- options
--
SELECT option, place, range, initial FROM billing_fdw_options();
SELECT option FROM billing_fdw_options() WHERE coalesce(description, '') !~ '\.$';
SELECT description FROM billing_fdw_options() WHERE option = 'first_month';

--
-- error codes
--
SELECT code, sqlstate, retried, hint IS NOT NULL AS hint
  FROM billing_fdw_errors() ORDER BY code COLLATE "C";
SELECT hint FROM billing_fdw_errors() WHERE code = 'FailedOperation.TagKeyNotExist';

--
-- comments
--
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw OPTIONS (endpoint :'sim');
CREATE SCHEMA "Billing ""x""";
IMPORT FOREIGN SCHEMA bill FROM SERVER sim INTO "Billing ""x""";
SET search_path = "Billing ""x""", public;
CREATE TABLE no_bill (a int);
SELECT count(*) FROM billing_fdw_comments('Billing "x"');
SELECT * FROM billing_fdw_table_comments('bill_summary') LIMIT 2;
-- only foreign tables of this wrapper, and only those of the schema
SELECT count(*) FROM billing_fdw_comments('public');
SELECT count(*) FROM billing_fdw_comments('no such schema');
ALTER FOREIGN TABLE bill_summary RENAME TO "Bill Summary";
ALTER FOREIGN TABLE "Bill Summary" RENAME COLUMN total_cost TO "Total";
ALTER FOREIGN TABLE "Bill Summary" ALTER COLUMN "Total" OPTIONS (column_name 'total_cost');
ALTER FOREIGN TABLE "Bill Summary" ADD COLUMN extra text OPTIONS (field 'Extra');
ALTER FOREIGN TABLE "Bill Summary" DROP COLUMN business;
\set ECHO none
SELECT * FROM billing_fdw_comments('Billing "x"') \gexec
\set ECHO all
SELECT obj_description('"Bill Summary"'::regclass);
SELECT attname, col_description(attrelid, attnum)
  FROM pg_attribute WHERE attrelid = '"Bill Summary"'::regclass AND attnum > 0 AND NOT attisdropped
 ORDER BY attnum;
-- every table and every column of the catalog has its comment now
SELECT c.relname, a.attname
  FROM pg_class c JOIN pg_foreign_table f ON f.ftrelid = c.oid
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE obj_description(c.oid, 'pg_class') IS NULL
    OR col_description(c.oid, a.attnum) IS NULL
 ORDER BY 1, 2;
SELECT billing_fdw_table_comments('no_bill'); -- ERROR
SELECT billing_fdw_table_comments('pg_class'); -- ERROR
-- a foreign table of another wrapper is none of ours
CREATE FOREIGN DATA WRAPPER other_fdw;
CREATE SERVER other FOREIGN DATA WRAPPER other_fdw;
CREATE FOREIGN TABLE other_table (month text) SERVER other;
SELECT count(*) FROM billing_fdw_comments('Billing "x"');
DROP FOREIGN TABLE other_table;
DROP SERVER other;
DROP FOREIGN DATA WRAPPER other_fdw;

--
-- what it does not offer
--
INSERT INTO bill_summary_by_pay_mode (month) VALUES ('2023-04'); -- ERROR
UPDATE bill_summary_by_pay_mode SET month = '2023-04'; -- ERROR
DELETE FROM bill_summary_by_pay_mode; -- ERROR
TRUNCATE bill_summary_by_pay_mode; -- ERROR
SELECT relname, pg_relation_is_updatable(oid, false) FROM pg_class WHERE relname = 'bill_summary_by_pay_mode';

--
-- settings
--
SHOW billing_fdw.ready_timeout;
SHOW billing_fdw.allowed_endpoints;
SET billing_fdw.ready_timeout = '10min';
SHOW billing_fdw.ready_timeout;
\set VERBOSITY sqlstate
SET billing_fdw.ready_timeout = -2; -- ERROR
SET billing_fdw.ready_timeout = '2d'; -- ERROR
SET billing_fdw.ready_timeout = 'later'; -- ERROR
\set VERBOSITY default
RESET billing_fdw.ready_timeout;
SET billing_fdw.no_such_setting = 1; -- ERROR
SELECT name, context, unit, min_val, max_val, boot_val FROM pg_settings
 WHERE name LIKE 'billing_fdw.%' ORDER BY 1;

--
-- alter and drop
--
RESET search_path;
ALTER EXTENSION billing_fdw UPDATE;
DROP FUNCTION billing_fdw_tables(); -- ERROR
SET client_min_messages = warning;
DROP SCHEMA "Billing ""x""" CASCADE;
RESET client_min_messages;
DROP EXTENSION billing_fdw; -- ERROR
DROP SERVER sim;
DROP EXTENSION billing_fdw;
SELECT count(*) FROM pg_proc WHERE proname LIKE 'billing\_fdw%';

-- it may live in a schema of its own, whatever search_path says
CREATE SCHEMA billing_ext;
CREATE EXTENSION billing_fdw SCHEMA billing_ext;
SELECT count(*) FROM billing_ext.billing_fdw_tables();
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw OPTIONS (endpoint :'sim');
CREATE SCHEMA billing;
IMPORT FOREIGN SCHEMA organization FROM SERVER sim INTO billing;
SELECT count(*) FROM billing_ext.billing_fdw_comments('billing');
ALTER EXTENSION billing_fdw SET SCHEMA public;
SELECT count(*) FROM billing_fdw_comments('billing');

-- nothing here has called the API
\! simctl bodies
SET client_min_messages = warning;
DROP SCHEMA billing CASCADE;
DROP SERVER sim;
DROP EXTENSION billing_fdw;
DROP SCHEMA billing_ext;
