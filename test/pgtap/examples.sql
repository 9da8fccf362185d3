-- The documented answers, row by row and amount by amount.
--
-- The simulator answers with the examples of test/examples: "seed" are the
-- documents that the project starts from, "domestic" and "intl" the samples of
-- the vendor's command line tool.  For each example file and each table made
-- of its action:
--
--   what is compared           with what                                  how
--   -------------------------  -----------------------------------------  ------------------------
--   all rows, all columns      the file, through jsonb_to_recordset       EXCEPT ALL both ways
--     amounts, dates, numbers  the file's own text ("-" and "": NULL)     as text: 0.00 is not 0
--     business, detail, tags   the file's arrays; tags as one object      as jsonb; null is not []
--     month, group_type,       the request in the file                    as text
--       payer_uin, tag_key
--     pay_mode of resources    the labels of the documents                as text
--   real_total_cost of each    figures typed from the documents           as text, in their order
--     row, sum of total_cost
--   the requests sent          one: the request in the file               jsonb =

\ir common.psql
\set folder `pwd`

SELECT plan(133);

-- ---- the files

CREATE TABLE example (file text PRIMARY KEY, source text, action text, request jsonb, response jsonb, rows jsonb);
INSERT INTO example
SELECT name, split_part(name, '.', 2), doc ->> 'action', doc -> 'request', doc -> 'response' -> 'Response',
       coalesce(doc #> '{response,Response,SummaryDetail}', doc #> '{response,Response,SummaryOverview}',
                doc #> '{response,Response,ResourceSummarySet}')
  FROM pg_ls_dir(:'folder' || '/test/examples') AS name
 CROSS JOIN LATERAL (SELECT convert_from(pg_read_binary_file(:'folder' || '/test/examples/' || name), 'UTF8')::jsonb AS doc) AS d
 WHERE name LIKE '%.json';

-- Figures from the documents, not from the files: the real total cost of each
-- row in their order, and the list prices added up by hand.
CREATE TABLE documented (file text, tab name, condition text, costs text, list_price text);
INSERT INTO documented
SELECT 'DescribeBillSummary.' || v.file || '.json', t.tab,
       format('month = %L AND group_type = %L', v.month, split_part(v.file, '-', 2)) || coalesce(' AND ' || v.tags, ''),
       t.costs, t.list_price
  FROM (VALUES
    ('seed.1-region', '2023-04', NULL,
     '{9915.37,3359.21,2094.29}', '50245.31', '{5661.16,4254.21,3359.21,2094.29}', '50245.31'),
    ('domestic.2-region', '2023-04', NULL,
     '{9915.37,3359.21,2094.29}', '50245.31', '{5661.16,4254.21,3359.21,2094.29}', '50245.31'),
    ('intl.2-region', '2023-04', NULL,
     '{9915.37,3359.21,2094.29}', '50245.31', '{5661.16,4254.21,3359.21,2094.29}', '50245.31'),
    ('seed.2-project', '2023-04', NULL,
     '{9915.36,860.72}', '37458.27', '{5661.16,4254.20,847.87,9.71,3.15}', '37458.27'),
    ('intl.5-project', '2023-04', NULL,
     '{9915.36,860.72}', '37458.27', '{5661.16,4254.20,847.87,9.71,3.15}', '37458.27'),
    ('seed.3-business', '2023-04', NULL, '{5661.16,5069.65}', '37778.91', NULL, NULL),
    ('domestic.1-business', '2023-04', NULL, '{5661.16,5069.65}', '37778.91', NULL, NULL),
    ('intl.1-business', '2023-04', NULL, '{5661.16,5069.65}', '37778.91', NULL, NULL),
    ('seed.4-tag', '2023-05', 'tag_key IN (''测试键'', ''部门分类'')',
     '{5867.70,128.15,5867.70,1076.00,123.18,38.31,-43.67}', '28896.56',
     '{3284.27,2583.43,127.44,0.71,3284.27,2583.43,1076.00,123.18,38.31,0.00,-43.67}', '28896.56'),
    ('domestic.3-tag', '2023-05', 'tag_key IN (''测试键'', ''部门分类'')',
     '{5867.70,128.15,5867.70,1076.00,123.18,38.31,-43.67}', '28896.56',
     '{3284.27,2583.43,127.44,0.71,3284.27,2583.43,1076.00,123.18,38.31,0.00,-43.67}', '28896.56'),
    ('intl.3-tag', '2023-05', 'tag_key IN (''Test Key'', ''Department Classification'')',
     '{5867.70,128.15,5867.70,1076.00,123.18,38.31,-43.67}', '28896.56',
     '{3284.27,2583.43,127.44,0.71,3284.27,2583.43,1076.00,123.18,38.31,0.00,-43.67}', '28896.56'),
    ('seed.5-payMode', '2023-04', NULL,
     '{10727.34,2352.48}', '42119.45', '{5661.16,5066.18,1205.63,1146.85}', '42119.45'),
    ('intl.4-payMode', '2023-04', NULL,
     '{10727.34,2352.48}', '42119.45', '{5661.16,5066.18,1205.63,1146.85}', '42119.45')
    ) AS v(file, month, tags, costs, list_price, split_costs, split_list_price)
 CROSS JOIN LATERAL (VALUES ('bill_summary', costs, list_price),
                            ('bill_summary_business', split_costs, split_list_price)) AS t(tab, costs, list_price)
 WHERE t.costs IS NOT NULL;
INSERT INTO documented VALUES
    ('DescribeBillSummaryByPayMode.seed.1.json', 'bill_summary_by_pay_mode', $$month = '2018-11'$$,
     '{6264.06929098,952.60939198,0.00000000}', '7623.89606148'),
    ('DescribeBillSummaryByPayMode.seed.1.json', 'bill_summary_by_pay_mode_detail', $$month = '2018-11'$$,
     '{6209.27829961,61.35894583,2.99518000,-9.56313446,460.76964609,353.37800000,139.46174589,-1.00000000}',
     '7623.89606148'),
    ('DescribeBillSummaryByPayMode.domestic.1.json', 'bill_summary_by_pay_mode', $$month = '2018-11'$$,
     '{3228.80000000,16.44000000}', '5091.64446128'),
    ('DescribeBillSummaryByPayMode.domestic.1.json', 'bill_summary_by_pay_mode_detail', $$month = '2018-11'$$,
     '{3228.80000000,19.32711686,0.80604458,0.00000000,-3.69316144}', '5091.64446128');
-- The documented request asks for one row.
INSERT INTO documented
SELECT format('DescribeBillResourceSummaryForOrganization.%s.1.json', source),
       'bill_resource_summary_for_organization', $$month = '2023-08' AND resource_id = 'cdb-0a90mrac' LIMIT 1$$,
       '{11.56675785}', '35.5'
  FROM unnest('{seed,domestic,intl}'::text[]) AS source;

SELECT set_eq('SELECT file FROM documented',
              'SELECT file FROM example WHERE action IN (SELECT split_part(file, ''.'', 1) FROM documented)',
              'there are figures for each file of these actions');

-- ---- each file, in each table

CREATE FUNCTION check_example(d documented) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    e example;
    tab regclass := format('bill.%I', d.tab);
    name text := format('%s, %s: ', d.file, d.tab);
    costs text;
    list_price text;
BEGIN
    SELECT * INTO STRICT e FROM example WHERE file = d.file;
    PERFORM sim_start(jsonb_build_object('data', 'examples', 'example_source', e.source));
    TRUNCATE answer;
    PERFORM answer_is(d.tab, e.rows, e.request);
    RETURN NEXT same_rows(actual(tab, d.condition), expected(d.tab), name || 'all columns of all rows');
    RETURN NEXT results_eq('SELECT sim_bodies()', ARRAY[e.request], name || 'the one request that is documented');
    EXECUTE format('SELECT array_agg(real_total_cost), sum(total_cost) FROM (SELECT * FROM %s WHERE %s) AS s',
                   tab, d.condition) INTO costs, list_price;
    RETURN NEXT is(costs, d.costs, name || 'real total costs in the documented order');
    RETURN NEXT is(list_price, d.list_price, name || 'sum of the list prices');
END $$;

SELECT check_example(d) FROM documented d ORDER BY file, tab;

-- ---- spellings of nothing

CREATE FUNCTION examples_of(source text) RETURNS void LANGUAGE sql AS $$
    SELECT sim_start(jsonb_build_object('data', 'examples', 'example_source', source))
$$;

CREATE FUNCTION businesses() RETURNS text[] LANGUAGE sql AS $$
    SELECT array_agg(business::text) FROM bill.bill_summary WHERE month = '2023-04' AND group_type = 'business'
$$;

SELECT examples_of('seed') AS ignored
\gset
SELECT is(businesses(), '{NULL,NULL}', 'Business null, as in the seed, is NULL');
SELECT results_eq($$SELECT pay_mode, jsonb_array_length(detail) FROM bill.bill_summary_by_pay_mode WHERE month = '2018-11'$$,
                  $$VALUES ('prePay', 4), ('postPay', 4), ('riPay', 0)$$, 'Detail [] is an empty array, not NULL');
SELECT results_eq($$SELECT tags::text, bill_month, order_id, extend_field3, tag_key, tag_value, action_type
                      FROM bill.bill_resource_summary_for_organization
                     WHERE month = '2023-08' AND resource_id = 'cdb-0a90mrac'$$,
                  $$VALUES ('{}', NULL::text, '20230807867037044170861', '-', NULL::text, NULL::text, NULL::text)$$,
                  'Tags [] is an empty object, a missing member NULL, a dash in a text a dash');
SELECT results_eq('SELECT sim_bodies() OFFSET 2',
                  ARRAY['{"Month": "2023-08", "ResourceId": "cdb-0a90mrac", "Offset": 0, "Limit": 1000, "NeedRecordNum": 1}'::jsonb],
                  'without LIMIT the page is of full size, and the row there was ends it');
SELECT examples_of('domestic') AS ignored
\gset
SELECT is(businesses(), '{[],[]}', 'Business [], as in the domestic sample, is an empty array');
SELECT examples_of('intl') AS ignored
\gset
SELECT is(businesses(), '{[],[]}', 'Business [], as in the international sample, is an empty array');

-- ---- figures by hand

SELECT examples_of('seed') AS ignored
\gset
SELECT results_eq($$SELECT group_key, group_value, total_cost::text, real_total_cost::text, cash_pay_amount::text,
                           incentive_pay_amount::text, voucher_pay_amount::text, transfer_pay_amount::text
                      FROM bill.bill_summary WHERE month = '2023-04' AND group_type = 'region'$$,
                  $$VALUES ('1', '华南地区(广州)', '35520.63', '9915.37', '9915.37', '0.00', '0.00', '0.00'),
                           ('25', '亚太地区(日本)', '9809.48', '3359.21', '3231.21', '0.00', '128.00', '0.00'),
                           ('11', '华南地区(深圳金融)', '4915.20', '2094.29', '2094.29', '0.00', '0.00', '0.00')$$,
                  'the seed''s regions, typed');
SELECT results_eq($$SELECT tag_key, sum(real_total_cost)::text FROM bill.bill_summary
                     WHERE month = '2023-05' AND group_type = 'tag' AND tag_key IN ('测试键', '部门分类')
                     GROUP BY tag_key ORDER BY 2$$,
                  $$VALUES ('测试键', '5995.85'), ('部门分类', '7061.52')$$, 'each tag key has a sum of its own');
SELECT results_eq($$SELECT group_value, count(*)::int, sum(real_total_cost)::text FROM bill.bill_summary_business
                     WHERE month = '2023-04' AND group_type = 'project' GROUP BY group_value ORDER BY 2$$,
                  $$VALUES ('默认项目', 2, '9915.36'), ('PC端游戏', 3, '860.73')$$,
                  'products of a project miss its total by a cent, as documented');
SELECT results_eq($$SELECT (cash_pay_amount + incentive_pay_amount + voucher_pay_amount + transfer_pay_amount)::text,
                           real_total_cost::text
                      FROM bill.bill_summary_business
                     WHERE month = '2023-04' AND group_type = 'project' AND business_code = 'p_eip'$$,
                  $$VALUES ('9.70', '9.71')$$, 'and parts of a total, too');
SELECT results_eq($$SELECT DISTINCT action_type_name, bill_month, month FROM bill.bill_summary_by_pay_mode_detail
                     WHERE month = '2018-11' AND action_type = 'prepay_return'$$,
                  $$VALUES (' Yearly/monthly subscription refund', '2024-07', '2018-11')$$,
                  'blanks stay, and the month of the row may differ from the one asked for');
SELECT results_eq($$SELECT total_cost::text, discount::text, region_id::text, pay_time::text, fee_begin_time::text,
                           pay_mode, real_total_cost::text
                      FROM bill.bill_resource_summary_for_organization
                     WHERE month = '2023-08' AND resource_id = 'cdb-0a90mrac'$$,
                  $$VALUES ('35.5', '0.325825', '16', '2023-08-07 03:42:18', '2023-08-07 10:58:41', 'prePay', '11.56675785')$$,
                  'the seed''s resource, typed');

SELECT * FROM finish();
