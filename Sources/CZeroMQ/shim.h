#include <zmq.h>

// The library takes this option since 4.3.0, but its header names it among the drafts only.
#ifndef ZMQ_ZAP_ENFORCE_DOMAIN
#define ZMQ_ZAP_ENFORCE_DOMAIN 93
#endif
