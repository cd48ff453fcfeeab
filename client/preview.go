package client

import (
	"context"

	"google.golang.org/grpc"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// Preview returns what a write of the document would put into the index, with all
// its passages. Nothing is written.
func Preview(ctx context.Context, connection grpc.ClientConnInterface, raw corpus.Raw, options ...grpc.CallOption) (*dalilv1.PreviewDocumentResponse, error) {
	documents, request := dalilv1.NewDocumentServiceClient(connection), &dalilv1.PreviewDocumentRequest{Document: Input(raw)}
	var whole *dalilv1.PreviewDocumentResponse
	for {
		page, err := documents.PreviewDocument(ctx, request, options...)
		if err != nil {
			return nil, err
		}
		request.PageToken = page.GetNextPageToken()
		page.NextPageToken = ""
		if whole == nil {
			whole = page
		} else {
			whole.Passages = append(whole.Passages, page.GetPassages()...)
		}
		if request.PageToken == "" {
			return whole, nil
		}
	}
}
