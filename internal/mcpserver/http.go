package mcpserver

import (
	"context"
	"net/http"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// Handler serves the protocol over HTTP, without sessions: every request
// stands for itself. Whoever mounts it checks Host, Origin, tokens and sizes.
func Handler(m *mcp.Server) http.Handler {
	return mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return m }, &mcp.StreamableHTTPOptions{
		Stateless: true, JSONResponse: true, DisableLocalhostProtection: true, MaxRequestBodyBytes: -1, PropagateRequestCancellation: true,
	})
}

// refuseSubscriptions answers that there is nothing to subscribe to: the lists
// of tools, prompts and resources never change. The SDK would keep the
// request open for ever.
func refuseSubscriptions(next mcp.MethodHandler) mcp.MethodHandler {
	return func(ctx context.Context, method string, req mcp.Request) (mcp.Result, error) {
		if method == "subscriptions/listen" {
			return nil, &jsonrpc.Error{Code: jsonrpc.CodeMethodNotFound, Message: "there is nothing to subscribe to"}
		}
		return next(ctx, method, req)
	}
}

// cacheable says what a client may keep: the lists never change while a
// server runs, and what is read may change at once.
func cacheable(_ context.Context, req mcp.Request, c *mcp.Cacheable) {
	if _, reads := req.(*mcp.ReadResourceRequest); reads {
		c.CacheScope = "private"
		return
	}
	c.TTLMs = int(time.Hour / time.Millisecond)
}
