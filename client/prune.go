package client

import (
	"context"

	"google.golang.org/grpc"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// Prune deletes the server's documents that below accepts, by their id and source,
// and that are not in seen. It returns the ids of the deleted documents.
func Prune(ctx context.Context, connection grpc.ClientConnInterface, below func(corpus.Document) bool, seen map[string]bool) ([]string, error) {
	client := dalilv1.NewDocumentServiceClient(connection)
	var gone []string
	for token := ""; ; {
		page, err := client.ListDocuments(ctx, &dalilv1.ListDocumentsRequest{PageToken: token})
		if err != nil {
			return nil, err
		}
		for _, d := range page.GetDocuments() {
			if !seen[d.GetDocumentId()] && below(corpus.Document{ID: d.GetDocumentId(), Source: d.GetSource()}) {
				gone = append(gone, d.GetDocumentId())
			}
		}
		if token = page.GetNextPageToken(); token == "" {
			break
		}
	}
	for _, id := range gone {
		if _, err := client.DeleteDocument(ctx, &dalilv1.DeleteDocumentRequest{DocumentId: id}); err != nil {
			return nil, err
		}
	}
	return gone, nil
}
