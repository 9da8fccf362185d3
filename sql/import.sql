--
-- IMPORT FOREIGN SCHEMA
--
\getenv sim BILLING_SIM_URL
\! simctl reset

CREATE EXTENSION billing_fdw;
CREATE SERVER sim FOREIGN DATA WRAPPER billing_fdw OPTIONS (endpoint :'sim');
CREATE SCHEMA import_all;
CREATE SCHEMA import_some;

-- everything
IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO import_all;
\d import_all.bill_summary
\d import_all.bill_summary_business
\d import_all.bill_summary_by_pay_mode
\d import_all.bill_summary_by_pay_mode_detail
\d import_all.bill_resource_summary_for_organization
-- again: the tables are there
\set VERBOSITY terse
IMPORT FOREIGN SCHEMA billing FROM SERVER sim INTO import_all; -- ERROR
\set VERBOSITY default

-- what was imported is what the catalog says
SELECT table_name, column_name, type FROM billing_fdw_tables(), LATERAL billing_fdw_columns(table_name)
EXCEPT
SELECT c.relname, a.attname, replace(format_type(a.atttypid, a.atttypmod), ' without time zone', '')
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
 WHERE c.relnamespace = 'import_all'::regnamespace;
SELECT count(*)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
 WHERE c.relnamespace = 'import_all'::regnamespace;
SELECT sum(n) FROM billing_fdw_tables(), LATERAL (SELECT count(*) AS n FROM billing_fdw_columns(table_name)) x;

-- families, and parts of them
CREATE FUNCTION pg_temp.imported(OUT name text, OUT server name, OUT options text[]) RETURNS SETOF record
LANGUAGE sql AS $$
  SELECT c.relname, s.srvname, f.ftoptions
    FROM pg_foreign_table f JOIN pg_class c ON c.oid = f.ftrelid JOIN pg_foreign_server s ON s.oid = f.ftserver
   WHERE c.relnamespace = 'import_some'::regnamespace ORDER BY c.relname COLLATE "C"
$$;
IMPORT FOREIGN SCHEMA bill FROM SERVER sim INTO import_some;
SELECT * FROM pg_temp.imported();
IMPORT FOREIGN SCHEMA organization FROM SERVER sim INTO import_some;
SELECT count(*) FROM pg_temp.imported();
DROP FOREIGN TABLE import_some.bill_summary, import_some.bill_summary_business,
  import_some.bill_summary_by_pay_mode, import_some.bill_summary_by_pay_mode_detail,
  import_some.bill_resource_summary_for_organization;

IMPORT FOREIGN SCHEMA billing LIMIT TO (bill_summary, bill_summary_by_pay_mode) FROM SERVER sim INTO import_some;
SELECT name FROM pg_temp.imported();
DROP FOREIGN TABLE import_some.bill_summary, import_some.bill_summary_by_pay_mode;

IMPORT FOREIGN SCHEMA bill EXCEPT (bill_summary, no_such_table) FROM SERVER sim INTO import_some;
SELECT name FROM pg_temp.imported();
DROP FOREIGN TABLE import_some.bill_summary_business, import_some.bill_summary_by_pay_mode,
  import_some.bill_summary_by_pay_mode_detail;

-- LIMIT TO of what the schema has not is no error, as for any wrapper
IMPORT FOREIGN SCHEMA bill LIMIT TO (no_such_table) FROM SERVER sim INTO import_some;
IMPORT FOREIGN SCHEMA bill LIMIT TO (bill_resource_summary_for_organization) FROM SERVER sim INTO import_some;
SELECT count(*) FROM pg_temp.imported();

-- schemas that do not exist
IMPORT FOREIGN SCHEMA no_such_schema FROM SERVER sim INTO import_some; -- ERROR
IMPORT FOREIGN SCHEMA "Billing" FROM SERVER sim INTO import_some; -- ERROR
IMPORT FOREIGN SCHEMA bill FROM SERVER sim INTO no_such_schema; -- ERROR
IMPORT FOREIGN SCHEMA bill FROM SERVER no_such_server INTO import_some; -- ERROR

-- options
IMPORT FOREIGN SCHEMA bill LIMIT TO (bill_summary) FROM SERVER sim INTO import_some
  OPTIONS (month_type 'date', first_month '-12', last_month '-1');
\d import_some.bill_summary
DROP FOREIGN TABLE import_some.bill_summary;
IMPORT FOREIGN SCHEMA bill LIMIT TO (bill_summary) FROM SERVER sim INTO import_some
  OPTIONS (month_type 'timestamp', first_month '2023-04');
SELECT format_type(atttypid, atttypmod) FROM pg_attribute
 WHERE attrelid = 'import_some.bill_summary'::regclass AND attname = 'month';
SELECT * FROM pg_temp.imported();
DROP FOREIGN TABLE import_some.bill_summary;
IMPORT FOREIGN SCHEMA bill LIMIT TO (bill_summary) FROM SERVER sim INTO import_some OPTIONS (month_type 'text');
SELECT format_type(atttypid, atttypmod) FROM pg_attribute
 WHERE attrelid = 'import_some.bill_summary'::regclass AND attname = 'month';
DROP FOREIGN TABLE import_some.bill_summary;

-- a value that is none, and names that are none: values are not quoted
IMPORT FOREIGN SCHEMA bill FROM SERVER sim INTO import_some OPTIONS (month_type 'integer'); -- ERROR
IMPORT FOREIGN SCHEMA bill FROM SERVER sim INTO import_some OPTIONS (month_type 'DATE'); -- ERROR
IMPORT FOREIGN SCHEMA bill FROM SERVER sim INTO import_some OPTIONS (first_month '2023-13'); -- ERROR
IMPORT FOREIGN SCHEMA bill FROM SERVER sim INTO import_some OPTIONS (first_month '2023-4'); -- ERROR
IMPORT FOREIGN SCHEMA bill FROM SERVER sim INTO import_some OPTIONS (last_month '1'); -- ERROR
IMPORT FOREIGN SCHEMA bill FROM SERVER sim INTO import_some OPTIONS (last_month ''); -- ERROR
IMPORT FOREIGN SCHEMA bill FROM SERVER sim INTO import_some OPTIONS (month_typ 'date'); -- ERROR
IMPORT FOREIGN SCHEMA bill FROM SERVER sim INTO import_some OPTIONS (frist_month '-1'); -- ERROR
IMPORT FOREIGN SCHEMA bill FROM SERVER sim INTO import_some OPTIONS (import_default 'true'); -- ERROR
IMPORT FOREIGN SCHEMA bill FROM SERVER sim INTO import_some OPTIONS (page_size '10'); -- ERROR
SELECT count(*) FROM pg_temp.imported();

-- names that need quotes
CREATE SERVER "My ""Server""" FOREIGN DATA WRAPPER billing_fdw OPTIONS (endpoint :'sim');
IMPORT FOREIGN SCHEMA bill LIMIT TO (bill_summary) FROM SERVER "My ""Server""" INTO import_some;
SELECT * FROM pg_temp.imported();

-- the option table_name keeps a renamed table what it is
ALTER FOREIGN TABLE import_some.bill_summary RENAME TO costs;
ALTER FOREIGN TABLE import_some.costs SET SCHEMA import_all;
CREATE USER MAPPING FOR CURRENT_USER SERVER "My ""Server"""
  OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl', secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
-- importing has called nobody; a query does
\! simctl bodies
SELECT count(*) FROM import_all.costs WHERE month = '2023-04' AND group_type = 'payMode';
\! simctl bodies

SET client_min_messages = warning;
DROP SCHEMA import_all, import_some CASCADE;
DROP SERVER sim;
DROP SERVER "My ""Server""" CASCADE;
DROP EXTENSION billing_fdw;
