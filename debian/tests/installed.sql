--
-- What can be seen of the extension without an API to talk to
--
CREATE EXTENSION billing_fdw;
SELECT extversion FROM pg_extension WHERE extname = 'billing_fdw';

CREATE SERVER tencent FOREIGN DATA WRAPPER billing_fdw OPTIONS (site 'intl');
CREATE USER MAPPING FOR CURRENT_USER SERVER tencent
    OPTIONS (secret_id 'AKIDEXAMPLE0123456789abcdefghijkl',
             secret_key 'EXAMPLEKEY0123456789ABCDEFGHIJ');
CREATE SCHEMA billing;
IMPORT FOREIGN SCHEMA billing FROM SERVER tencent INTO billing;

DO $$
DECLARE
    plan text := '';
    line text;
BEGIN
    FOR line IN EXPLAIN SELECT * FROM billing.bill_summary
        WHERE month BETWEEN '2023-02' AND '2023-04' AND group_type = 'region'
    LOOP
        plan := plan || line || E'\n';
    END LOOP;
    ASSERT plan ~ 'Action: DescribeBillSummary\n' AND plan ~ 'Requests: 3\n', plan;
END $$;

-- nobody listens on port 1: the call is made, and its failure is an error
ALTER SERVER tencent OPTIONS (DROP site, ADD endpoint 'http://127.0.0.1:1', ADD max_retries '0');
DO $$
BEGIN
    PERFORM FROM billing.bill_summary WHERE month = '2023-04' AND group_type = 'region';
    ASSERT false, 'the call did not fail';
EXCEPTION WHEN fdw_unable_to_establish_connection THEN
    RAISE NOTICE '%', SQLERRM;
END $$;

SET client_min_messages = warning;
DROP EXTENSION billing_fdw CASCADE;
