package chaos_test

import (
	"context"
	"fmt"
	"sync"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	dalilv1 "dalil/proto/dalil/v1"
)

// model is what was acknowledged. Every document has one writer, which numbers
// its versions; version 0 is "not there". What was sent and not acknowledged may
// hold or not.
type model struct {
	mu   sync.Mutex
	docs map[string]*state
}

type state struct {
	version      int          // numbers what was sent
	acknowledged int          // the newest version with a receipt
	deleted      map[int]bool // versions that are deletions
}

func newModel() *model { return &model{docs: map[string]*state{}} }

// next begins a write of the document and returns its version.
func (m *model) next(id string, deletes bool) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.docs[id]
	if s == nil {
		s = &state{deleted: map[int]bool{0: true}}
		m.docs[id] = s
	}
	s.version++
	s.deleted[s.version] = deletes
	return s.version
}

func (m *model) acknowledge(id string, version int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.docs[id].acknowledged = max(m.docs[id].acknowledged, version)
}

func (m *model) acknowledgements() (n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range m.docs {
		n += s.acknowledged
	}
	return n
}

// text is the content of a version; the token is in no other document.
func text(id string, version int) string {
	return fmt.Sprintf("Document %s holds version %d. Rivers and cities, token %s.", id, version, token(id, version))
}

func token(id string, version int) string { return fmt.Sprintf("zq%sv%d", id, version) }

// check reads every document and returns what contradicts the model. It is
// called when the clients have ended, and waits for the writes that they left behind.
func (m *model) check(ctx context.Context, p *process) (faults []string) {
	documents, search := dalilv1.NewDocumentServiceClient(p.client), dalilv1.NewSearchServiceClient(p.client)
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := p.quiet(ctx); err != nil {
		return []string{"wait for the last writes: " + err.Error()}
	}
	listed, err := list(ctx, documents)
	if err != nil {
		return []string{"list: " + err.Error()}
	}
	for id, n := range listed {
		if n != 1 {
			faults = append(faults, fmt.Sprintf("%s is listed %d times", id, n))
		}
	}
	for id, s := range m.docs {
		held, err := s.held(ctx, documents, id)
		switch {
		case err != nil:
			faults = append(faults, fmt.Sprintf("%s: %v", id, err))
			continue
		case held < 0:
			faults = append(faults, fmt.Sprintf("%s: acknowledged %d (deletion: %t), sent %d, and what is held is none of these", id, s.acknowledged, s.deleted[s.acknowledged], s.version))
			continue
		case (listed[id] == 1) == s.deleted[held]:
			faults = append(faults, fmt.Sprintf("%s is held in version %d (deletion: %t) and listed %d times", id, held, s.deleted[held], listed[id]))
		}
		if s.deleted[held] {
			continue
		}
		answer, err := search.Search(ctx, &dalilv1.SearchRequest{Query: token(id, held), Arms: []dalilv1.Arm{dalilv1.Arm_ARM_LEXICAL}})
		if err != nil {
			faults = append(faults, fmt.Sprintf("search for %s: %v", id, err))
			continue
		}
		found := 0
		for _, passage := range answer.GetPassages() {
			if passage.GetDocument().GetDocumentId() == id {
				found++
			}
		}
		if found != 1 {
			faults = append(faults, fmt.Sprintf("version %d of %s is found by %d passages, want 1", held, id, found))
		}
	}
	return faults
}

// held returns which version is there; -1: none that may be.
func (s *state) held(ctx context.Context, documents dalilv1.DocumentServiceClient, id string) (int, error) {
	answer, err := documents.GetDocument(ctx, &dalilv1.GetDocumentRequest{DocumentId: id})
	gone := status.Code(err) == codes.NotFound
	if err != nil && !gone {
		return 0, err
	}
	for v := s.version; v >= s.acknowledged; v-- {
		if s.deleted[v] && gone || !s.deleted[v] && !gone && answer.GetDocument().GetText() == text(id, v) {
			return v, nil
		}
	}
	return -1, nil
}

func list(ctx context.Context, documents dalilv1.DocumentServiceClient) (map[string]int, error) {
	listed := map[string]int{}
	for page := ""; ; {
		answer, err := documents.ListDocuments(ctx, &dalilv1.ListDocumentsRequest{PageToken: page})
		if err != nil {
			return nil, err
		}
		for _, d := range answer.GetDocuments() {
			listed[d.GetDocumentId()]++
		}
		if page = answer.GetNextPageToken(); page == "" {
			return listed, nil
		}
	}
}
