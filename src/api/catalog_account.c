/*-------------------------------------------------------------------------
 *
 * catalog_account.c
 *	  Tables of the account: balance, transactions, orders, vouchers, tags, renewals.
 *
 * IDENTIFICATION
 *	  src/api/catalog_account.c
 *
 *-------------------------------------------------------------------------
 */
#include "api/catalog_entries.h"

#include <stddef.h>

/* ---------- DescribeAccountBalance ---------- */

static const BfParam account_balance_params[] = {
	NO_PARAM
};

/* Temporary credit lines come only when asked for. */
static const BfConstant account_balance_constants[] = {
	{"TempCredit", "true"},
	NO_CONSTANT
};

static const BfAction account_balance_action = {
	.name = "DescribeAccountBalance",
	.does = "read the account balance",
	.params = account_balance_params,
	.constants = account_balance_constants,
	.paging = BF_PAGING_NONE,
};

static const BfColumn account_balance_columns[] = {
	COLUMN("uin", BIGINT, ROW, "Uin",
		   "account that was asked about"),
	AMOUNT("balance", ROW, "Balance",
		   "available balance; the same as real_balance, kept by the API for old clients",
		   .scale = 2),
	AMOUNT("real_balance", ROW, "RealBalance",
		   "available balance",
		   .scale = 2),
	AMOUNT("cash_account_balance", ROW, "CashAccountBalance",
		   "balance of the cash account",
		   .scale = 2),
	AMOUNT("income_into_account_balance", ROW, "IncomeIntoAccountBalance",
		   "balance of the income account (not used by the API)",
		   .scale = 2),
	AMOUNT("present_account_balance", ROW, "PresentAccountBalance",
		   "balance of the gift account (not used by the API)",
		   .scale = 2),
	AMOUNT("freeze_amount", ROW, "FreezeAmount",
		   "frozen amount",
		   .scale = 2),
	AMOUNT("owe_amount", ROW, "OweAmount",
		   "amount overdue",
		   .scale = 2),
	AMOUNT("credit_amount", ROW, "CreditAmount",
		   "credit line",
		   .scale = 2),
	AMOUNT("credit_balance", ROW, "CreditBalance",
		   "available balance with the credit line",
		   .scale = 2),
	AMOUNT("real_credit_balance", ROW, "RealCreditBalance",
		   "real available balance with the credit line",
		   .scale = 2),
	AMOUNT("temp_credit", ROW, "TempCredit",
		   "temporary credit line",
		   .scale = 2),
	COLUMN("is_allow_arrears", BOOLEAN, ROW, "IsAllowArrears",
		   "whether the account may be overdue (deprecated by the API)"),
	COLUMN("is_credit_limited", BOOLEAN, ROW, "IsCreditLimited",
		   "whether the account has a credit limit (deprecated by the API)"),
	COLUMN("temp_amount_info_list", JSONB, ROW, "TempAmountInfoList",
		   "temporary credit lines, as sent: Uin, TempAmount (its unit is unknown), StartTime, EndTime"),
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable account_balance_table = {
	.name = "account_balance",
	.family = "account",
	.action = &account_balance_action,
	.columns = account_balance_columns,
	.rows_per_request = 1,
	.grain = "One row: the account of the key, now.",
	.caution = "Columns are different views of the same money and must not be added to each other.",
};

/* ---------- DescribeBillList ---------- */

static const BfParam bill_list_params[] = {
	{
		.column = "operation_time",
		.member = "StartTime",
		.member2 = "EndTime",
		.domain = BF_DOMAIN_RANGE,
		.form = BF_FORM_SECOND,
		.required = true,
		.max_days = 180,
		.example = "2023-04-01 00:00:00",
	},
	NO_PARAM
};

/* All transactions; without these, those of amount zero are left out. */
static const BfConstant bill_list_constants[] = {
	{"PayType", "[\"all\"]"},
	{"WithZeroAmount", "1"},
	NO_CONSTANT
};

static const BfAction bill_list_action = {
	.name = "DescribeBillList",
	.does = "read the account transactions",
	.sites = BF_SITES_CHINA,
	.params = bill_list_params,
	.constants = bill_list_constants,
	.rows = "TransactionList",
	.paging = BF_PAGING_OFFSET,
	.page_member = "Offset",
	.size_member = "Limit",

	/*
	 * No maximum is documented; this is the smallest that the other actions
	 * of bills have.
	 */
	.max_page = 100,
	.total = "Total",
};

static const BfColumn bill_list_columns[] = {
	COLUMN("operation_time", TIMESTAMP, ROW, "OperationTime",
		   "time of the transaction, with milliseconds"),
	COLUMN("action_type", TEXT, ROW, "ActionType",
		   "transaction type: deduct, recharge, return, block, unblock"),
	COLUMN("deduct_mode", TEXT, ROW, "DeductMode",
		   "deduction mode: trade = prepaid, hourh, hourd, hourm, month = settlement of pay-as-you-go"),
	AMOUNT("amount", ROW, "Amount",
		   "amount, positive in, negative out",
		   .scale = 2),
	AMOUNT("balance", ROW, "Balance",
		   "available balance after the transaction",
		   .scale = 2),
	AMOUNT("cash", ROW, "Cash",
		   "cash balance after the transaction",
		   .scale = 2),
	AMOUNT("incentive", ROW, "Incentive",
		   "free credit after the transaction",
		   .scale = 2),
	AMOUNT("freezing", ROW, "Freezing",
		   "frozen amount after the transaction",
		   .scale = 2),
	BILL_ID_COLUMN(ROW),
	COLUMN("operation_info", TEXT, ROW, "OperationInfo",
		   "description of the transaction"),
	COLUMN("pay_channel", TEXT, ROW, "PayChannel",
		   "localized label of the payment channel"),
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable bill_list_table = {
	.name = "bill_list",
	.family = "account",
	.action = &bill_list_action,
	.columns = bill_list_columns,
	.rows_per_request = 1000,
	.grain = "One row per transaction of the account: top-up, deduction, refund, freezing.",
	.caution = "Columns balance, cash, incentive and freezing are states after the transaction and must not be summed.  Transactions of amount zero are contained.",
};

/* ---------- DescribeDealsByCond ---------- */

static const BfParam deals_by_cond_params[] = {
	{
		.column = "create_time",
		.member = "StartTime",
		.member2 = "EndTime",
		.domain = BF_DOMAIN_RANGE,
		.form = BF_FORM_SECOND,
		.required = true,
		.max_days = 90,
		.example = "2023-04-01 00:00:00",
	},
	OPEN_PARAM("order_id", "OrderId", "20230401710000851640811"),
	OPEN_PARAM("big_deal_id", "BigDealId", "20230401710000851640801"),
	INPUT_PARAM("resource_id_asked", "ResourceId", "ins-12345678"),
	NO_PARAM
};

/* Orders in all states; without these, only those that are done. */
static const BfConstant deals_by_cond_constants[] = {
	{"StatusSet", "[1,2,3,4,5,6,7,8,9,10,11,12,13,30]"},
	NO_CONSTANT
};

static const BfAction deals_by_cond_action = {
	.name = "DescribeDealsByCond",
	.does = "read the orders",
	.params = deals_by_cond_params,
	.constants = deals_by_cond_constants,
	.rows = "Deals",
	.paging = BF_PAGING_NUMBER,
	.page_member = "Offset",
	.size_member = "Limit",
	.offset_doubt = true,
	/* The API takes 1000, but then leaves ResourceId out of the rows. */
	.max_page = 200,
	.total = "TotalCount",
};

static const BfColumn deals_by_cond_columns[] = {
	COLUMN("resource_id_asked", TEXT, REQUEST, NULL,
		   "resource asked for, NULL when none was; rows show an array"),
	COLUMN("order_id", TEXT, ROW, "OrderId",
		   "order number"),
	COLUMN("big_deal_id", TEXT, ROW, "BigDealId",
		   "number of the order that this one is a part of"),
	COLUMN("create_time", TIMESTAMP, ROW, "CreateTime",
		   "when the order was created"),
	COLUMN("status", BIGINT, ROW, "Status",
		   "state: 1 unpaid, 2 paid, 3 shipping, 4 done, 5 failed, 6 refunded, 7 closed, 8 expired, 9 order invalid, 10 product invalid, 11 payment refused, 12 paying, 13 refunding, 30 waiting for confirmation"),
	COLUMN("action", TEXT, ROW, "Action",
		   "kind of order: purchase, renew, upgrade, downgrade, refund, modifyNetworkMode, modifyNetworkSize, preMoveOut, preMoveIn, preToPost, postMoveOut, postMoveIn"),
	COLUMN("payer", TEXT, ROW, "Payer",
		   "account that paid"),
	COLUMN("creator", TEXT, ROW, "Creator",
		   "account that created the order"),
	COLUMN("product_code", TEXT, ROW, "ProductCode",
		   "product code"),
	COLUMN("product_name", TEXT, ROW, "ProductName",
		   "localized label of the product"),
	COLUMN("sub_product_code", TEXT, ROW, "SubProductCode",
		   "subproduct code"),
	COLUMN("sub_product_name", TEXT, ROW, "SubProductName",
		   "localized label of the subproduct"),
	COLUMN("goods_category_id", BIGINT, ROW, "GoodsCategoryId",
		   "product category number"),
	COLUMN("product_info", JSONB, ROW, "ProductInfo",
		   "product specification, as sent: Name and Value"),
	COLUMN("resource_id", JSONB, ROW, "ResourceId",
		   "ids of the resources, as an array"),
	COLUMN("zone_code", TEXT, ROW, "ZoneCode",
		   "availability zone code"),
	COLUMN("project_id", BIGINT, ROW, "ProjectId",
		   "project id"),
	COLUMN("time_span", NUMERIC, ROW, "TimeSpan",
		   "duration ordered",
		   .unit = "units of time_unit"),
	COLUMN("time_unit", TEXT, ROW, "TimeUnit",
		   "unit of the duration (m = month)"),
	COLUMN("pay_mode", TEXT, ROW, "PayMode",
		   "billing mode as the API returns it: documented as prePay, postPay, riPay, seen as 1"),
	COLUMN("currency", TEXT, ROW, "Currency",
		   "currency code"),
	COLUMN("policy", NUMERIC, ROW, "Policy",
		   "discount rate, 100 = none"),
	AMOUNT("price", ROW, "Price",
		   "unit price",
		   .scale = 2),
	AMOUNT("total_cost", ROW, "TotalCost",
		   "original price",
		   .scale = 2),
	AMOUNT("real_total_cost", ROW, "RealTotalCost",
		   "amount paid",
		   .scale = 2),
	AMOUNT("voucher_decline", ROW, "VoucherDecline",
		   "part paid by vouchers",
		   .scale = 2),
	FORMULA_COLUMN(ROW),
	COLUMN("ref_return_deals", TEXT, ROW, "RefReturnDeals",
		   "orders that a refund concerns"),
	NO_COLUMN
};

static const BfTable deals_by_cond_table = {
	.name = "deals_by_cond",
	.family = "account",
	.action = &deals_by_cond_action,
	.columns = deals_by_cond_columns,
	.rows_per_request = 200,
	.grain = "One row per order of the account.",
	.caution = "Refunds are orders of their own.  Column price is per unit and time_unit and must not be summed.",
};

/* ---------- DescribeVoucherInfo ---------- */

static const char *const voucher_info_states[] = {
	"unUsed", "used", "delivered", "cancel", "overdue", NULL
};

static const char *const voucher_info_pay_modes[] = {
	"postPay", "prePay", "riPay", "", "*", NULL
};

static const char *const voucher_info_pay_scenes[] = {
	"spotpay", "settle account", "purchase", "renew", "modify", "oneOffFee",
	"hourlyFee", "*", NULL
};

static const char *const voucher_info_voucher_main_types[] = {
	"has_price", "no_price", NULL
};

static const char *const voucher_info_voucher_sub_types[] = {
	"discount", "deduct", NULL
};

static const BfParam voucher_info_params[] = {
	{
		.column = "create_time",
		.member = "CreateTimeFrom",
		.member2 = "CreateTimeTo",
		.domain = BF_DOMAIN_RANGE,
		.form = BF_FORM_DAY,
		.example = "2023-04-01",
	},
	{
		.column = "begin_time",
		.member = "StartTimeFrom",
		.member2 = "StartTimeTo",
		.domain = BF_DOMAIN_RANGE,
		.form = BF_FORM_DAY,
		.example = "2023-04-01",
	},
	{
		.column = "end_time",
		.member = "EndTimeFrom",
		.member2 = "EndTimeTo",
		.domain = BF_DOMAIN_RANGE,
		.form = BF_FORM_DAY,
		.example = "2023-04-01",
	},
	OPEN_PARAM("voucher_id", "VoucherId", "FIQJQDYJLMA221ZFOGJ81R"),
	INPUT_PARAM("status_asked", "Status", "unUsed",
				.values = voucher_info_states),
	INPUT_PARAM("pay_mode_asked", "PayMode", "prePay",
				.values = voucher_info_pay_modes),
	INPUT_PARAM("pay_scene_asked", "PayScene", "purchase",
				.values = voucher_info_pay_scenes),
	INPUT_PARAM("code_id", "CodeId", "20230627799000283860282011"),
	INPUT_PARAM("product_code", "ProductCode", "p_cvm"),
	INPUT_PARAM("activity_id", "ActivityId", "570"),
	INPUT_PARAM("voucher_name", "VoucherName", "spring"),
	INPUT_PARAM("operator", "Operator", "100000000001"),
	INPUT_PARAM("voucher_main_type", "VoucherMainType", "no_price",
				.values = voucher_info_voucher_main_types),
	INPUT_PARAM("voucher_sub_type", "VoucherSubType", "discount",
				.values = voucher_info_voucher_sub_types),
	NO_PARAM
};

static const BfAction voucher_info_action = {
	.name = "DescribeVoucherInfo",
	.does = "read the vouchers",
	.params = voucher_info_params,
	.rows = "VoucherInfos",
	.paging = BF_PAGING_NUMBER,
	.page_member = "Offset",
	.size_member = "Limit",
	.first_page = 1,
	.max_page = 1000,
	.total = "TotalCount",
};

static const BfColumn voucher_info_columns[] = {
	COLUMN("status_asked", TEXT, REQUEST, NULL,
		   "state asked for, NULL when none was; rows may show an empty state"),
	COLUMN("pay_mode_asked", TEXT, REQUEST, NULL,
		   "billing mode asked for, NULL when none was; rows may show * for all"),
	COLUMN("pay_scene_asked", TEXT, REQUEST, NULL,
		   "payment scenario asked for, NULL when none was; rows show lists"),
	COLUMN("code_id", TEXT, REQUEST, NULL,
		   "voucher order id asked for, NULL when none was"),
	COLUMN("product_code", TEXT, REQUEST, NULL,
		   "product code asked for, NULL when none was"),
	COLUMN("activity_id", TEXT, REQUEST, NULL,
		   "promotion asked for, NULL when none was"),
	COLUMN("voucher_name", TEXT, REQUEST, NULL,
		   "voucher name asked for, NULL when none was"),
	COLUMN("operator", TEXT, REQUEST, NULL,
		   "operator account asked for, NULL when none was: the account itself"),
	COLUMN("voucher_main_type", TEXT, REQUEST, NULL,
		   "kind asked for, has_price = paid for, no_price = granted; NULL when none was"),
	COLUMN("voucher_sub_type", TEXT, REQUEST, NULL,
		   "kind asked for, discount or deduct; NULL when none was"),
	COLUMN("voucher_id", TEXT, ROW, "VoucherId",
		   "voucher id"),
	COLUMN("owner_uin", TEXT, ROW, "OwnerUin",
		   "account that owns the voucher"),
	COLUMN("status", TEXT, ROW, "Status",
		   "state: unUsed, used, delivered, cancel or overdue; seen empty"),
	AMOUNT("nominal_value", ROW, "NominalValue",
		   "face value",
		   .scale = 8),
	AMOUNT("balance", ROW, "Balance",
		   "value left",
		   .scale = 8),
	COLUMN("pay_mode", TEXT, ROW, "PayMode",
		   "billing modes that the voucher can pay for: postPay, prePay, riPay; empty or * = all"),
	COLUMN("pay_scene", TEXT, ROW, "PayScene",
		   "payment scenarios that the voucher can be used in, comma separated"),
	COLUMN("create_time", TIMESTAMP, ROW, "CreateTime",
		   "when the voucher was issued"),
	COLUMN("begin_time", DATE, ROW, "BeginTime",
		   "first day of validity; NULL for the placeholder 0002-11-30"),
	COLUMN("end_time", DATE, ROW, "EndTime",
		   "last day of validity; NULL for the placeholder 0002-11-30"),
	COLUMN("applicable_products", JSONB, ROW, "ApplicableProducts",
		   "products that the voucher can pay for, as sent: GoodsName and PayMode"),
	COLUMN("excluded_products", JSONB, ROW, "ExcludedProducts",
		   "products that the voucher cannot pay for, as sent: GoodsName and PayMode"),
	COLUMN("policy_remark", TEXT, ROW, "PolicyRemark",
		   "restrictions of use"),
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable voucher_info_table = {
	.name = "voucher_info",
	.family = "account",
	.action = &voucher_info_action,
	.columns = voucher_info_columns,
	.rows_per_request = 100,
	.grain = "One row per voucher of the account.",
	.caution = "Column balance is what is left of nominal_value: do not add one to the other.",
};

/* ---------- DescribeVoucherUsageDetails ---------- */

static const BfParam voucher_usage_details_params[] = {
	OPEN_PARAM("voucher_id", "VoucherId", "FIQJQDYJLMA221ZFOGJ81R",
			   .required = true),
	INPUT_PARAM("operator", "Operator", "100000000001"),
	NO_PARAM
};

static const BfAction voucher_usage_details_action = {
	.name = "DescribeVoucherUsageDetails",
	.does = "read the uses of a voucher",
	.params = voucher_usage_details_params,
	.rows = "UsageRecords",
	.paging = BF_PAGING_NUMBER,
	.page_member = "Offset",
	.size_member = "Limit",
	.first_page = 1,
	.max_page = 1000,
	.total = "TotalCount",
};

static const BfColumn voucher_usage_details_columns[] = {
	COLUMN("operator", TEXT, REQUEST, NULL,
		   "operator account asked for, NULL when none was: the account itself"),
	COLUMN("voucher_id", TEXT, ROW, "VoucherId",
		   "voucher id"),
	COLUMN("seq_id", TEXT, ROW, "SeqId",
		   "sequence number of the transaction"),
	COLUMN("used_time", TIMESTAMP, ROW, "UsedTime",
		   "when the voucher was used"),
	AMOUNT("used_amount", ROW, "UsedAmount",
		   "amount used",
		   .scale = 8),
	COLUMN("pay_mode", TEXT, ROW, "PayMode",
		   "billing mode of what was paid for, as the API returns it"),
	COLUMN("pay_scene", TEXT, ROW, "PayScene",
		   "adjust or common"),
	COLUMN("usage_details", JSONB, ROW, "UsageDetails",
		   "products that were paid for, as sent"),
	CURRENCY_COLUMN,
	NO_COLUMN
};

static const BfTable voucher_usage_details_table = {
	.name = "voucher_usage_details",
	.family = "account",
	.action = &voucher_usage_details_action,
	.columns = voucher_usage_details_columns,
	.rows_per_request = 20,
	.grain = "One row per use of a voucher.",
	.caution = "Amounts used are contained in the bills as parts paid by vouchers: do not subtract them again.",
};

/* ---------- DescribeTagList ---------- */

static const char *const tag_list_statuses[] = {
	"0", "1", NULL
};

static const BfParam tag_list_params[] = {
	OPEN_PARAM("status", "Status", "1",
			   .form = BF_FORM_INTEGER,
			   .values = tag_list_statuses),
	NO_PARAM
};

static const BfAction tag_list_action = {
	.name = "DescribeTagList",
	.does = "read the tag keys",
	.params = tag_list_params,
	.rows = "Data",
	.paging = BF_PAGING_OFFSET,
	.page_member = "Offset",
	.size_member = "Limit",
	.max_page = 1000,
	.total = "RecordNum",
};

static const BfColumn tag_list_columns[] = {
	COLUMN("tag_key", TEXT, ROW, "TagKey",
		   "tag key"),
	COLUMN("status", BIGINT, ROW, "Status",
		   "0 = ordinary tag, 1 = cost allocation tag"),
	COLUMN("update_time", TIMESTAMP, ROW, "UpdateTime",
		   "when the key became a cost allocation tag; NULL for ordinary tags"),
	NO_COLUMN
};

static const BfTable tag_list_table = {
	.name = "tag_list",
	.family = "account",
	.action = &tag_list_action,
	.columns = tag_list_columns,
	.rows_per_request = 100,
	.grain = "One row per tag key of the account.",
	.caution = "The table holds no amounts.",
};

/* ---------- DescribeRenewInstances ---------- */

static const char *const renew_instances_renew_flags[] = {
	"NOTIFY_AND_MANUAL_RENEW", "NOTIFY_AND_AUTO_RENEW",
	"DISABLE_NOTIFY_AND_MANUAL_RENEW", NULL
};

static const BfParam renew_instances_params[] = {
	{
		.column = "expire_time",
		.member = "ExpireTimeStart",
		.member2 = "ExpireTimeEnd",
		.domain = BF_DOMAIN_RANGE,
		.form = BF_FORM_SECOND,
		.example = "2023-04-01 00:00:00",
	},
	ARRAY_PARAM("instance_id", "InstanceIdList", "ins-12345678"),
	ARRAY_PARAM("renew_flag", "RenewFlagList", "NOTIFY_AND_AUTO_RENEW",
				.values = renew_instances_renew_flags),
	NO_PARAM
};

static const BfAction renew_instances_action = {
	.name = "DescribeRenewInstances",
	.does = "read the instances due for renewal",
	.params = renew_instances_params,
	.rows = "InstanceList",
	.paging = BF_PAGING_TOKEN,
	.size_member = "MaxResults",
	.cursor = "NextToken",
	.max_page = 100,
};

static const BfColumn renew_instances_columns[] = {
	COLUMN("instance_id", TEXT, ROW, "InstanceId",
		   "instance id"),
	COLUMN("instance_name", TEXT, ROW, "InstanceName",
		   "name of the instance"),
	COLUMN("product_code", TEXT, ROW, "ProductCode",
		   "product code"),
	COLUMN("product_name", TEXT, ROW, "ProductName",
		   "localized label of the product"),
	COLUMN("sub_product_code", TEXT, ROW, "SubProductCode",
		   "subproduct code"),
	COLUMN("region_code", TEXT, ROW, "RegionCode",
		   "region code"),
	PROJECT_NAME_COLUMN(ROW),
	COLUMN("status", TEXT, ROW, "Status",
		   "NORMAL or ISOLATED"),
	COLUMN("renew_flag", TEXT, ROW, "RenewFlag",
		   "NOTIFY_AND_MANUAL_RENEW, NOTIFY_AND_AUTO_RENEW or DISABLE_NOTIFY_AND_MANUAL_RENEW"),
	COLUMN("renew_period", BIGINT, ROW, "RenewPeriod",
		   "length of the renewal period",
		   .unit = "units of renew_period_unit"),
	COLUMN("renew_period_unit", TEXT, ROW, "RenewPeriodUnit",
		   "y = year, m = month"),
	COLUMN("expire_time", TIMESTAMP, ROW, "ExpireTime",
		   "when the instance expires"),
	NO_COLUMN
};

static const BfTable renew_instances_table = {
	.name = "renew_instances",
	.family = "account",
	.action = &renew_instances_action,
	.columns = renew_instances_columns,
	.rows_per_request = 100,
	.grain = "One row per subscribed instance.",
	.caution = "The table holds no amounts.",
};

const BfTable *const bf_catalog_account[] = {
	&account_balance_table,
	&bill_list_table,
	&deals_by_cond_table,
	&voucher_info_table,
	&voucher_usage_details_table,
	&tag_list_table,
	&renew_instances_table,
	NULL
};
