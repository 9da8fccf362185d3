/*-------------------------------------------------------------------------
 *
 * billing_sim.c
 *	  A simulator of the billing API on loopback: start, serve, end.
 *
 * It stands for the service in tests and shares no code with the wrapper
 * that it judges.  README.md says which file does what, in the order in
 * which a request meets them.
 *
 * IDENTIFICATION
 *	  test/sim/billing_sim.c
 *
 *-------------------------------------------------------------------------
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "api.h"
#include "auth.h"
#include "cache.h"
#include "config.h"
#include "control.h"
#include "data.h"
#include "example.h"
#include "log.h"
#include "model.h"
#include "vocabulary.h"

/* bounds of what one client, or a runaway test, can take */
#define MAX_CONNECTIONS 256
#define MAX_BACKLOG 64
#define CONNECTION_MEMORY (128 * 1024)

typedef struct Options
{
	int			port;
	bool		ipv6;
	bool		end_with_stdin;
	char	   *certificate;	/* PEM text; NULL = no TLS */
	char	   *key;
	const char *tls_priority;	/* of GnuTLS, NULL = its default */
	char	   *data;
	char	   *examples;
	int64_t		site;
} Options;

static const char usage[] =
"billing_sim simulates the billing API on loopback.\n\n"
"  --port N             port to listen on (default: a free one)\n"
"  --ipv6               listen on [::1] instead of 127.0.0.1\n"
"  --tls CERT.pem KEY.pem\n"
"                       speak TLS\n"
"  --tls-priority TEXT  versions and ciphers, as GnuTLS writes them\n"
"  --secret ID:KEY[:TOKEN]\n"
"                       accept this secret (repeatable; default: the one\n"
"                       of the vendor's documented signatures)\n"
"  --site both|intl|china\n"
"                       whose actions and lists count (default: both)\n"
"  --data DIR           models and vocabulary (default: data beside the\n"
"                       program)\n"
"  --examples DIR       documented examples (default: ../examples)\n"
"  --exit-with-stdin    end when standard input ends\n"
"  --help               show this text\n";

static void
die(const char *message, const char *what)
{
	fprintf(stderr, "billing_sim: %s%s\n", message, what);
	exit(1);
}

/* A folder relative to that of the program. */
static char *
beside_program(const char *name)
{
	char		path[PATH_MAX];
	ssize_t		len = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (len < 0)
		die("could not find the own program", "");
	path[len] = '\0';
	*strrchr(path, '/') = '\0';
	return sim_format("%s/%s", path, name);
}

static char *
file_or_die(const char *path)
{
	char	   *text = sim_read_file(path, NULL);

	if (text == NULL)
		die("could not read ", path);
	return text;
}

static int64_t
site_of(const char *name)
{
	if (strcmp(name, "intl") == 0)
		return SIM_SITE_INTL;
	if (strcmp(name, "china") == 0)
		return SIM_SITE_CHINA;
	if (strcmp(name, "both") != 0)
		die("--site is both, intl or china, not ", name);
	return SIM_SITE_BOTH;
}

static int
port_of(const char *text)
{
	char	   *end;
	long		port = strtol(text, &end, 10);

	if (*text == '\0' || *end != '\0' || port < 0 || port > 65535)
		die("no port: ", text);
	return (int) port;
}

static void
take_option(Options *o, int c, char **argv, int argc)
{
	switch (c)
	{
		case 'p':
			o->port = port_of(optarg);
			break;
		case '6':
			o->ipv6 = true;
			break;
		case 't':
			if (optind >= argc)
				die("--tls needs two files", "");
			o->certificate = file_or_die(optarg);
			o->key = file_or_die(argv[optind++]);
			break;
		case 'P':
			o->tls_priority = optarg;
			break;
		case 's':
			if (!sim_auth_add_secret(optarg))
				die("--secret is ID:KEY or ID:KEY:TOKEN", "");
			break;
		case 'S':
			o->site = site_of(optarg);
			break;
		case 'd':
			o->data = sim_strdup(optarg);
			break;
		case 'e':
			o->examples = sim_strdup(optarg);
			break;
		case 'x':
			o->end_with_stdin = true;
			break;
		case 'h':
			fputs(usage, stdout);
			exit(0);
		default:
			exit(2);
	}
}

static void
read_options(int argc, char **argv, Options *o)
{
	static const struct option names[] = {
		{"port", required_argument, NULL, 'p'},
		{"ipv6", no_argument, NULL, '6'},
		{"tls", required_argument, NULL, 't'},
		{"tls-priority", required_argument, NULL, 'P'},
		{"secret", required_argument, NULL, 's'},
		{"site", required_argument, NULL, 'S'},
		{"data", required_argument, NULL, 'd'},
		{"examples", required_argument, NULL, 'e'},
		{"exit-with-stdin", no_argument, NULL, 'x'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0}
	};
	int			c;

	while ((c = getopt_long(argc, argv, "", names, NULL)) != -1)
		take_option(o, c, argv, argc);
	if (optind < argc)
		die("there is no argument ", argv[optind]);
	if (o->data == NULL)
		o->data = beside_program("data");
	if (o->examples == NULL)
		o->examples = beside_program("../examples");
	if (!sim_auth_has_secrets())
		sim_auth_add_secret("AKIDEXAMPLE0123456789abcdefghijkl:"
							"EXAMPLEKEY0123456789ABCDEFGHIJ");
}

static void
load_data(const Options *o)
{
	char	   *models = sim_format("%s/actions.json", o->data);
	char	   *prose = sim_format("%s/prose.json", o->data);
	char	   *words = sim_format("%s/vocabulary.json", o->data);

	if (!sim_model_load(models, prose) || !sim_vocabulary_load(words) ||
		!sim_example_load(o->examples))
		exit(1);
	free(models);
	free(prose);
	free(words);
}

/* Called with the request line, before the headers. */
static void *
on_request_line(void *cls, const char *uri, struct MHD_Connection *connection)
{
	(void) cls;
	(void) connection;
	return sim_request_new(uri);
}

/* Called with the headers, then with pieces of the body, then at its end. */
static enum MHD_Result
on_request(void *cls, struct MHD_Connection *connection, const char *url,
		   const char *method, const char *version, const char *data,
		   size_t *size, void **context)
{
	SimRequest *rq = *context;

	(void) cls;
	(void) version;
	if (!rq->received)
	{
		rq->mhd = connection;
		sim_request_headers(rq, method, url);
		if (!sim_control_is_for(rq))
			sim_log_begin(rq);
		return MHD_YES;
	}
	if (*size > 0)
	{
		sim_request_body(rq, data, *size);
		*size = 0;
		return MHD_YES;
	}
	return sim_control_is_for(rq) ? sim_control_handle(rq) :
		sim_api_handle(rq);
}

static void
on_completed(void *cls, struct MHD_Connection *connection, void **context,
			 enum MHD_RequestTerminationCode how)
{
	SimRequest *rq = *context;

	(void) cls;
	(void) connection;
	(void) how;
	if (rq == NULL)
		return;
	sim_log_end(rq);
	sim_request_free(rq);
	*context = NULL;
}

/* Gives each TCP connection a number. */
static void
on_connection(void *cls, struct MHD_Connection *connection, void **context,
			  enum MHD_ConnectionNotificationCode what)
{
	static long count;

	(void) cls;
	(void) connection;
	if (what == MHD_CONNECTION_NOTIFY_STARTED)
	{
		long	   *number = sim_alloc(sizeof(*number));

		sim_lock();
		*number = ++count;
		sim_unlock();
		*context = number;
	}
	else
		free(*context);
}

static struct MHD_Daemon *
start(const Options *o)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	unsigned	flags = MHD_USE_INTERNAL_POLLING_THREAD |
		MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL |
		MHD_USE_SUPPRESS_DATE_NO_CLOCK;
	struct MHD_OptionItem tls[] = {
		{MHD_OPTION_HTTPS_MEM_CERT, 0, o->certificate},
		{MHD_OPTION_HTTPS_MEM_KEY, 0, o->key},
		{o->tls_priority ? MHD_OPTION_HTTPS_PRIORITIES : MHD_OPTION_END, 0,
		(void *) (uintptr_t) o->tls_priority},
		{MHD_OPTION_END, 0, NULL}
	};
	struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};

	v4.sin_port = htons((uint16_t) o->port);
	v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	v6.sin6_port = v4.sin_port;
	v6.sin6_addr = in6addr_loopback;
	if (o->certificate != NULL)
		flags |= MHD_USE_TLS;
	if (o->ipv6)
		flags |= MHD_USE_IPv6;
	return MHD_start_daemon(flags, (uint16_t) o->port, NULL, NULL,
							on_request, NULL,
							MHD_OPTION_SOCK_ADDR, o->ipv6 ?
							(struct sockaddr *) (void *) &v6 :
							(struct sockaddr *) (void *) &v4,
							MHD_OPTION_URI_LOG_CALLBACK, on_request_line,
							NULL,
							MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
							MHD_OPTION_NOTIFY_CONNECTION, on_connection,
							NULL,
							MHD_OPTION_CONNECTION_LIMIT,
							(unsigned) MAX_CONNECTIONS,
							MHD_OPTION_LISTEN_BACKLOG_SIZE,
							(unsigned) MAX_BACKLOG,
							MHD_OPTION_CONNECTION_MEMORY_LIMIT,
							(size_t) CONNECTION_MEMORY,
							MHD_OPTION_ARRAY, o->certificate ? tls : none,
							MHD_OPTION_END);
}

/* The first line of output, which tests wait for. */
static void
announce(const Options *o, struct MHD_Daemon *daemon)
{
	const union MHD_DaemonInfo *info =
		MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);

	printf("billing_sim listening on %s://%s:%d\n",
		   o->certificate ? "https" : "http", o->ipv6 ? "[::1]" : "127.0.0.1",
		   info->port);
	fflush(stdout);
}

/* Until a signal comes, or standard input ends. */
static void
wait_for_end(const Options *o, const sigset_t *signals)
{
	struct pollfd fds[2] = {
		{.fd = signalfd(-1, signals, SFD_CLOEXEC),.events = POLLIN},
		{.fd = o->end_with_stdin ? STDIN_FILENO : -1,.events = POLLIN}
	};
	char		rest[256];

	for (;;)
	{
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return;
		if (fds[0].revents)
			break;
		if (fds[1].revents && read(STDIN_FILENO, rest, sizeof(rest)) <= 0)
			break;
	}
	close(fds[0].fd);
}

int
main(int argc, char **argv)
{
	Options		options = {0};
	struct MHD_Daemon *daemon;
	sigset_t	signals;

	read_options(argc, argv, &options);
	load_data(&options);

	/* before any thread exists, so that all threads inherit the mask */
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);

	sim_request_allow_waits();
	sim_config_init(options.site);
	sim_control_reset();
	daemon = start(&options);
	if (daemon == NULL)
		die("could not listen on the port", "");
	announce(&options, daemon);
	wait_for_end(&options, &signals);
	sim_request_end_waits();
	MHD_stop_daemon(daemon);
	sim_log_reset();
	sim_cache_free();
	free(options.certificate);
	free(options.key);
	free(options.data);
	free(options.examples);
	return 0;
}
