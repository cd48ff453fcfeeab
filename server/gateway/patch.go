package gateway

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/utilities"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
	"dalil/proto/wirejson"
)

// patch answers UpdateDocument. Without update_mask in the query, the body changes a document as a merge patch of JSON
// (RFC 7386) does: its members are set, null clears a member, and the members of metadata are set or cleared one by one.
// The library of the gateway makes a mask that replaces the whole metadata.
func (g *gateway) patch(a *answer, r *http.Request, id string, data []byte) {
	request, problem := update(a, r, data)
	if problem != nil {
		a.refuse(problem)
		return
	}
	request.Document.DocumentId = id
	response, err := dalilv1.NewDocumentServiceClient(g.calls).UpdateDocument(outgoing(r.Context(), r.Header), request)
	if err != nil {
		g.fail(r.Context(), nil, nil, a, r, err)
		return
	}
	line, err := codec{}.Marshal(response)
	if err != nil {
		g.fail(r.Context(), nil, nil, a, r, err)
		return
	}
	_ = setETag(r.Context(), a, response) // it never fails
	a.Header().Set("Content-Type", jsonType)
	a.Write(line)
}

// update reads the request. Its document has no id.
func update(a *answer, r *http.Request, data []byte) (*dalilv1.UpdateDocumentRequest, *refusal) {
	request := &dalilv1.UpdateDocumentRequest{Document: &dalilv1.DocumentInput{}}
	if len(data) == 0 {
		data = []byte("{}")
	}
	if err := inBody(wirejson.Unmarshal(data, request.Document)); err != nil {
		return nil, invalidOf(err)
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, errQuery
	}
	if err := (queries{}).Parse(request, query, utilities.NewDoubleArray([][]string{{bodyField}})); err != nil {
		return nil, invalidOf(err)
	}
	if query.Has("update_mask") {
		return request, nil
	}
	paths, err := membersOf(data)
	switch {
	case err != nil:
		return nil, invalid("request", "is not a JSON object")
	case len(paths) == 0:
		return nil, invalid("request", "changes nothing: it must have a member to set, or null for one to clear")
	case len(paths) > corpus.MaxUpdatePaths:
		return nil, invalid("request", fmt.Sprintf("changes %d fields and keys of the metadata, the limit is %d; ?update_mask=metadata replaces the whole metadata", len(paths), corpus.MaxUpdatePaths))
	}
	request.UpdateMask = &fieldmaskpb.FieldMask{Paths: paths}
	for i, path := range paths {
		a.call(fmt.Sprintf("update_mask.paths[%d]", i), bodyField+"."+strings.TrimSuffix(fmt.Sprintf("%.80s", path), "."))
	}
	return request, nil
}

// membersOf returns the paths of an update that a body makes.
func membersOf(data []byte) (paths []string, err error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(data, &members); err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		switch {
		case name == "document_id": // it is the one of the address
		case name == "metadata" && string(members[name]) != "null":
			var keys map[string]json.RawMessage
			if err := json.Unmarshal(members[name], &keys); err != nil {
				return nil, err
			}
			for _, key := range slices.Sorted(maps.Keys(keys)) {
				paths = append(paths, "metadata."+key)
			}
		default:
			paths = append(paths, name)
		}
	}
	return paths, nil
}
