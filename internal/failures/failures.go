// Package failures keeps the documents that a server could not write, in memory and in a
// file. Start with [Open].
package failures

import (
	"bufio"
	"bytes"
	"container/list"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"dalil/corpus"
)

// Most is how many documents are kept; beyond it, the one that failed longest ago is
// dropped, of the tenant that has most.
const Most = 10_000

// longest is the largest number of bytes of a kept source or message.
const longest = 1024

// List keeps failures. It is safe for concurrent use. A change is one line at the end of the
// file. A line that was cut off by a crash is ignored, and costs that change. If the file
// cannot be written, the list goes on in memory.
type List struct {
	path string
	now  func() time.Time

	mu    sync.Mutex
	byID  map[string]*list.Element // of corpus.DocumentFailure, by the key of the document
	of    map[string]int           // how many, by tenant
	order *list.List               // the one that failed longest ago first
	lines int                      // of the file
	torn  bool                     // the file may end in the middle of a line
}

// line is one change, by the key of the document: a document that failed, or one that is no longer in the list.
type line struct {
	ID        string    `json:"id"`
	By        string    `json:"by,omitempty"`
	Source    string    `json:"source,omitempty"`
	Reason    string    `json:"reason,omitempty"`
	Message   string    `json:"message,omitempty"`
	Retryable bool      `json:"retryable,omitempty"`
	Tries     int       `json:"tries,omitempty"` // 0: it is no longer in the list
	First     time.Time `json:"first,omitzero"`
	Last      time.Time `json:"last,omitzero"`
}

// Open reads a list from its file, which need not exist. If the file cannot be read, the
// list is empty; it is returned beside the error.
func Open(path string) (*List, error) {
	l := &List{path: path, now: time.Now, byID: map[string]*list.Element{}, of: map[string]int{}, order: list.New()}
	return l, l.read()
}

// In opens the list in a data folder. If it cannot be read, that is logged, and the list is
// empty.
func In(folder string, log *slog.Logger) *List {
	path := filepath.Join(folder, "failures.jsonl")
	l, err := Open(path)
	if err != nil {
		log.Warn("the documents that failed before cannot be listed", "file", path, "error", err)
	}
	return l
}

func (l *List) read() error {
	f, err := os.Open(l.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open the list of failures: %w", err)
	}
	defer f.Close()
	l.torn = true // until its last byte is known
	lines := bufio.NewReader(f)
	for {
		raw, err := lines.ReadBytes('\n')
		if len(raw) > 0 {
			l.lines++
			l.torn = raw[len(raw)-1] != '\n'
			l.apply(raw)
		}
		if err != nil {
			break
		}
	}
	return nil
}

// apply reads one line; what is not a line of a list is left out.
func (l *List) apply(raw []byte) {
	var one line
	if json.Unmarshal(raw, &one) != nil || one.ID == "" {
		return
	}
	if one.Tries <= 0 {
		l.remove(one.ID)
		return
	}
	l.put(corpus.DocumentFailure{
		DocumentID: one.ID, By: one.By, Source: one.Source, Reason: one.Reason, Message: one.Message, Retryable: one.Retryable, Tries: one.Tries, First: one.First, Last: one.Last,
	})
}

func (l *List) put(f corpus.DocumentFailure) {
	l.remove(f.DocumentID)
	l.byID[f.DocumentID] = l.order.PushBack(f)
	tenant, _ := corpus.SplitKey(f.DocumentID)
	l.of[tenant]++
	for l.order.Len() > Most {
		l.drop()
	}
}

// drop removes the oldest failure of the tenant that has most.
func (l *List) drop() {
	most := ""
	for tenant, n := range l.of {
		if n > l.of[most] {
			most = tenant
		}
	}
	for e := l.order.Front(); e != nil; e = e.Next() {
		key := e.Value.(corpus.DocumentFailure).DocumentID
		if tenant, _ := corpus.SplitKey(key); tenant == most {
			l.remove(key)
			return
		}
	}
}

func (l *List) remove(key string) {
	held, there := l.byID[key]
	if !there {
		return
	}
	l.order.Remove(held)
	delete(l.byID, key)
	tenant, _ := corpus.SplitKey(key)
	if l.of[tenant]--; l.of[tenant] == 0 {
		delete(l.of, tenant)
	}
}

// Note keeps a failure, of the document with the key f.DocumentID, that happened now, and counts the tries of a document that is in the
// list.
func (l *List) Note(f corpus.DocumentFailure) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f.Source, f.Message = clip(f.Source), clip(f.Message)
	f.Last = l.now().UTC().Truncate(time.Microsecond)
	f.Tries, f.First = 1, f.Last
	held, there := l.byID[f.DocumentID]
	if there && (f.By == "" || f.By == held.Value.(corpus.DocumentFailure).By) { // else its caller must not learn of it
		before := held.Value.(corpus.DocumentFailure)
		f.Tries, f.First = before.Tries+1, before.First
		if f.Source == "" {
			f.Source = before.Source
		}
	}
	l.put(f)
	l.write(lineOf(f))
}

// Clear removes a document, which was written or deleted. With by it removes only a
// failure of that credential.
func (l *List) Clear(id, by string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if held, there := l.byID[id]; there && (by == "" || held.Value.(corpus.DocumentFailure).By == by) {
		l.remove(id)
		l.write(line{ID: id})
	}
}

// Erase removes the failures of a tenant, also from the file.
func (l *List) Erase(tenant string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for key := range l.byID {
		if owner, _ := corpus.SplitKey(key); owner == tenant {
			l.remove(key)
		}
	}
	l.rewrite() // the file may also have lines of failures that were cleared before
}

// List returns at most limit failures of a tenant after the given id, in ascending order of
// ids, and the number of all of the tenant. With by it returns and counts those of that
// credential.
func (l *List) List(tenant, by, after string, limit int) (page []corpus.DocumentFailure, total int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var ids []string
	for key, held := range l.byID {
		if owner, id := corpus.SplitKey(key); owner == tenant && (by == "" || held.Value.(corpus.DocumentFailure).By == by) {
			if total++; id > after {
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	for _, id := range ids[:min(limit, len(ids))] {
		f := l.byID[corpus.TenantKey(tenant, id)].Value.(corpus.DocumentFailure)
		f.DocumentID = id
		page = append(page, f)
	}
	return page, total
}

// Len returns the number of failures.
func (l *List) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.byID)
}

func lineOf(f corpus.DocumentFailure) line {
	return line{f.DocumentID, f.By, f.Source, f.Reason, f.Message, f.Retryable, f.Tries, f.First, f.Last}
}

// write appends a line, or writes the file again if it has far more lines than documents.
// What the disk refuses is only in memory.
func (l *List) write(one line) {
	if l.lines > 2*len(l.byID)+256 {
		l.rewrite()
		return
	}
	raw := encode(one)
	if l.torn {
		raw = append([]byte{'\n'}, raw...)
	}
	if err := os.MkdirAll(filepath.Dir(l.path), 0o700); err != nil {
		return
	}
	f, err := os.OpenFile(l.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return
	}
	n, err := f.Write(raw)
	l.torn = l.torn && n == 0 || n > 0 && n < len(raw)
	if err == nil {
		l.lines++
	}
	f.Close() // the next line says whether it can be written
}

// rewrite replaces the file by one that has a line for each document.
func (l *List) rewrite() {
	var all bytes.Buffer
	for e := l.order.Front(); e != nil; e = e.Next() {
		all.Write(encode(lineOf(e.Value.(corpus.DocumentFailure))))
	}
	next := l.path + ".new"
	if os.WriteFile(next, all.Bytes(), 0o600) != nil || os.Rename(next, l.path) != nil {
		os.Remove(next) // the old file stays; a later change tries again
		return
	}
	l.lines, l.torn = len(l.byID), false
}

func encode(one line) []byte {
	raw, err := json.Marshal(one)
	if err != nil { // strings, numbers and times can be encoded
		panic(err)
	}
	return append(raw, '\n')
}

func clip(s string) string {
	if len(s) <= longest {
		return s
	}
	return strings.ToValidUTF8(s[:longest], "")
}
