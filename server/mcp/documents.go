package mcp

import (
	"context"
	"fmt"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// maxResourceBytes bounds the text of one resource. The tool fetch reads longer ones in parts.
const maxResourceBytes = 1 << 20

// addDocuments offers every document as a resource. A template stands for them, as an index may have millions.
func (t *tools) addDocuments(s *mcp.Server) {
	s.AddResourceTemplate(&mcp.ResourceTemplate{
		Name: "document", Title: "Article", URITemplate: scheme + "{id}", MIMEType: "text/plain",
		Description: "The text of a document. The id is percent-encoded; search and list_sources return ids.",
	}, t.readResource)
	s.AddReceivingMiddleware(escapeAddresses)
}

// escapeAddresses lets clients name documents without escaping: the template of the resource matches escaped ids only.
func escapeAddresses(next mcp.MethodHandler) mcp.MethodHandler {
	return func(ctx context.Context, method string, request mcp.Request) (mcp.Result, error) {
		if params, ok := request.GetParams().(*mcp.ReadResourceParams); ok && params != nil {
			if id, ok := documentOf(params.URI); ok {
				params.URI = address(id)
			}
		}
		return next(ctx, method, request)
	}
}

func (t *tools) readResource(ctx context.Context, request *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	id, ok := documentOf(request.Params.URI)
	if !ok {
		return nil, mcp.ResourceNotFoundError(request.Params.URI)
	}
	document, at, err := t.readDocument(ctx, id, 0)
	switch {
	case status.Code(err) == codes.NotFound:
		return nil, mcp.ResourceNotFoundError(request.Params.URI)
	case err != nil:
		return nil, failure(err, nil)
	case at.bytes > maxResourceBytes:
		return nil, fmt.Errorf("the document has %d bytes, and a resource may have %d; read it in parts with the tool fetch", at.bytes, maxResourceBytes)
	}
	return &mcp.ReadResourceResult{Contents: []*mcp.ResourceContents{{URI: request.Params.URI, MIMEType: "text/plain", Text: visible(document.GetText())}}}, nil
}
