/*-------------------------------------------------------------------------
 *
 * endpoint.h
 *	  Where requests go: parsing and judging of endpoints and proxies.
 *
 * IDENTIFICATION
 *	  src/api/endpoint.h
 *
 *-------------------------------------------------------------------------
 */
#ifndef BF_ENDPOINT_H
#define BF_ENDPOINT_H

#include <stdbool.h>

#define BF_ENDPOINT_HOST_MAX	256
#define BF_ENDPOINT_URL_MAX		320

typedef struct BfEndpoint
{
	bool		tls;			/* https */
	bool		loopback;		/* a literal address in 127.0.0.0/8, or [::1] */
	int			port;			/* always set, the scheme's default included */
	char		host[BF_ENDPOINT_HOST_MAX]; /* lower case; [] around IPv6 */
	char		host_header[BF_ENDPOINT_HOST_MAX + 8];	/* host, and the port
														 * unless it is the
														 * scheme's default */
	char		url[BF_ENDPOINT_URL_MAX];	/* scheme://host[:port]/ */
} BfEndpoint;

extern const char *bf_endpoint_parse(const char *text, BfEndpoint *endpoint);
extern const char *bf_endpoint_parse_proxy(const char *text,
										   BfEndpoint *proxy);
extern bool bf_endpoint_allowed(const char *host, const char *patterns);

#endif							/* BF_ENDPOINT_H */
