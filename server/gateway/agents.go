package gateway

import (
	"bytes"
	"io"
	"net/http"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"dalil/server/mcp"
)

// mcpBytes is the largest message of MCP.
const mcpBytes = 4 << 20

// newAgents returns the handler of MCP over HTTP. It keeps no sessions, so any replica can answer any request.
func (g *gateway) newAgents() http.Handler {
	tools := mcp.New(g.calls, mcp.Options{Version: g.options.Version, CountTokens: g.options.CountTokens, Context: outgoing})
	return sdk.NewStreamableHTTPHandler(func(*http.Request) *sdk.Server { return tools }, &sdk.StreamableHTTPOptions{
		Stateless: true, JSONResponse: true, PropagateRequestCancellation: true, MaxRequestBodyBytes: mcpBytes,
	})
}

// mcp answers one message of MCP.
func (g *gateway) mcp(a *answer, r *http.Request) {
	data, free, problem := g.read(a, r, mcpBytes)
	defer free()
	if problem != nil {
		a.refuse(problem)
		return
	}
	r.Header.Del("Content-Encoding")
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(data)), int64(len(data))
	g.agents.ServeHTTP(a, r)
}
