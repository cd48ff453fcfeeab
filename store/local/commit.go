package local

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"dalil/corpus"
	"dalil/fair"
	"dalil/store"
)

// group is the largest number of waiting requests that share one commit.
const group = 128

// write is the only writer: no other goroutine changes the database and the index.
// It commits waiting requests together, so that many callers share one flush to the
// disk.
func (s *Store) write() {
	defer close(s.stopped)
	s.cleanUp() // after opening, documents from the database are in many small segments
	s.keepReserve(0)
	var due, calmed <-chan time.Time
	for {
		select {
		case first := <-s.requests:
			s.commit(s.gather(first))
			s.lastWrite, calmed = time.Now(), time.After(calm)
		case <-calmed:
			calmed = nil
		case m := <-s.merged:
			s.install(m)
		case <-due:
			s.mark()
			s.reserve.look()
			s.keepReserve(0)
			due = nil
		case <-s.closing:
			s.finish()
			s.mark()
			s.keepReserve(0)
			return
		}
		if due == nil && s.sequence != s.marked {
			due = time.After(markEvery)
		}
		s.cleanUp()
	}
}

func (s *Store) gather(first *request) []*request {
	var batch []*request
	for next := first; ; {
		if next.state.CompareAndSwap(waiting, begun) {
			batch = append(batch, next)
			s.stepped(store.StepWait, next.since, nil)
		}
		if len(batch) == group {
			return batch
		}
		select {
		case next = <-s.requests:
		default:
			return batch
		}
	}
}

// commit writes a batch. If that fails, it writes each request alone, because a
// full disk may still have space for a small one.
func (s *Store) commit(batch []*request) {
	if len(batch) == 0 {
		return
	}
	err := s.durable(batch)
	if err != nil && len(batch) > 1 {
		for _, r := range batch {
			r.done <- s.durable([]*request{r})
		}
		return
	}
	for _, r := range batch {
		r.done <- err
	}
}

// durable writes requests in one transaction. It returns nil only if the files of
// the database are still in the data folder.
func (s *Store) durable(batch []*request) error {
	if err := s.database.present(); err != nil {
		return err
	}
	if err := s.spare(batch); err != nil {
		return err
	}
	if err := s.again(onlyDeletes(batch), func() error { return s.transact(batch) }); err != nil {
		return asError("write", s.database.path, err)
	}
	return cmp.Or(s.database.present(), s.database.logPresent())
}

// change is the effect of a transaction on the index.
type change struct {
	settings *store.Settings
	records  []*record // by key
	gone     []int64   // keys
	blocks   map[*column][]columnBlock
	updated  int64
	touched  touched
}

func (s *Store) transact(batch []*request) error {
	var c change
	var built chan []*segment
	published := make(chan struct{})
	s.committing.Store(&published)
	defer func() {
		s.committing.Store(nil)
		close(published)
	}()
	w, began := s.database.writer, time.Now()
	err := w.transact(func() error {
		if err := s.applyAll(w, batch, &c); err != nil {
			return err
		}
		// Another processor builds the segment while the disk writes the commit.
		built = make(chan []*segment, 1)
		go func() {
			turn := s.turn(writerTurns)
			defer turn.End()
			built <- buildAll(s.options.Pipeline.Dimensions, c.records)
		}()
		if c.updated != 0 {
			if _, err := w.sequence.Exec(s.sequence + 1); err != nil {
				return err
			}
			if _, err := w.updated.Exec(c.updated); err != nil {
				return err
			}
		}
		s.stepped(store.StepInsert, began, nil)
		began = time.Now()
		return nil
	})
	if built == nil {
		return err
	}
	s.stepped(store.StepFlush, began, err)
	segments := <-built
	if err != nil {
		return err
	}
	if c.updated != 0 {
		s.sequence++
	}
	if c.settings != nil {
		s.settings.Store(c.settings)
	}
	began = time.Now()
	s.publish(&c, segments)
	s.stepped(store.StepPublish, began, nil)
	s.visible.Store(s.sequence)
	return nil
}

// applyAll writes the rows of a batch.
func (s *Store) applyAll(w *writer, batch []*request, c *change) (err error) {
	turn := s.turn(writerTurns)
	defer turn.End()
	if c.touched, err = w.lookUpMany(batch); err != nil {
		return err
	}
	for _, r := range batch {
		if err := s.apply(w, r, c, turn); err != nil {
			return err
		}
	}
	return w.flush()
}

func (s *Store) apply(w *writer, r *request, c *change, turn *fair.Turn) error {
	if r.settings != nil && s.settings.Load() == nil && c.settings == nil {
		raw, err := json.Marshal(r.settings)
		if err != nil {
			return err
		}
		if _, err := w.settings.Exec(raw); err != nil {
			return err
		}
		c.settings = r.settings
	}
	r.refused = nil // from an earlier attempt
	for _, p := range r.entries {
		turn.Rest()
		id, now := p.record.document.ID, s.options.Now()
		conditional := !p.condition.IsZero() || p.record.document.SourceVersion != nil
		if conditional || c.touched.may(id) {
			if err := w.flush(); err != nil {
				return err
			}
		}
		if conditional {
			h, err := w.lookUp(id, now)
			if err != nil {
				return err
			}
			if why := h.check(id, p.condition, p.record.document.SourceVersion); why != nil {
				r.refuse(id, why)
				continue
			}
		}
		if c.touched.may(id) {
			if _, err := w.forgetVersion.Exec([]byte(id)); err != nil {
				return err
			}
			if err := s.drop(w, id, c); err != nil {
				return err
			}
		}
		c.touched.add(id)
		c.stamp()
		key := s.nextKey
		s.nextKey++ // a key of a failed transaction is not used again
		if err := w.insert(key, c.updated, p); err != nil {
			return err
		}
		if p.column != nil && len(p.block.ids) > 0 {
			if c.blocks == nil {
				c.blocks = map[*column][]columnBlock{}
			}
			p.block.key = key
			c.blocks[p.column] = append(c.blocks[p.column], p.block)
		}
		taken := p.record
		taken.key = key
		c.records = append(c.records, &taken)
	}
	if len(r.deletes) > 0 || r.erased != "" {
		if err := w.flush(); err != nil {
			return err
		}
	}
	for _, d := range r.deletes {
		if err := s.applyDeletion(w, r, d, c); err != nil {
			return err
		}
	}
	if r.erased != "" {
		from, until := corpus.TenantRange(r.erased)
		if _, err := w.forgetRange.Exec([]byte(from), []byte(until)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) applyDeletion(w *writer, r *request, d corpus.Deletion, c *change) error {
	c.touched.add(d.ID) // its version may be kept
	now := s.options.Now()
	h, err := w.lookUp(d.ID, now)
	if err != nil || d.Expired && !h.expired {
		return err
	}
	if why := h.check(d.ID, d.If, d.SourceVersion); why != nil {
		r.refuse(d.ID, why)
		return nil
	}
	if version := cmp.Or(d.SourceVersion, h.version); version != nil && (h.there || d.SourceVersion != nil) {
		if err := w.remember(d.ID, *version, now); err != nil {
			return err
		}
		c.stamp()
	}
	return s.drop(w, d.ID, c)
}

// drop removes the current version of a document, also if this transaction wrote
// it.
func (s *Store) drop(w *writer, id string, c *change) error {
	key, err := w.remove(id, s.filed)
	if err != nil || key == 0 {
		return err
	}
	c.stamp()
	if i := slices.IndexFunc(c.records, func(r *record) bool { return r.key == key }); i >= 0 {
		c.records = slices.Delete(c.records, i, i+1)
		for column, blocks := range c.blocks {
			c.blocks[column] = slices.DeleteFunc(blocks, func(b columnBlock) bool { return b.key == key })
		}
		return nil
	}
	c.gone = append(c.gone, key)
	return nil
}

func (c *change) stamp() {
	if c.updated == 0 {
		c.updated = time.Now().UnixMicro()
	}
}

// settle waits until a write that readers of the database can see already is in the
// index too. A reader that misses a row calls it, so that the next search finds what
// replaced the row.
func (s *Store) settle(ctx context.Context) error {
	published := s.committing.Load()
	if published == nil {
		return nil
	}
	select {
	case <-*published:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// publish makes a committed change visible in one step.
func (s *Store) publish(c *change, built []*segment) {
	turn := s.turn(writerTurns)
	defer turn.End()
	now := s.state.Load()
	views := without(now.views, c.gone)
	for _, b := range built {
		views = append(views, newView(b))
	}
	for column, documents := range c.blocks { // before a reader can ask for them
		column.add(documents)
	}
	s.show(views, max(now.updated, c.updated))
	if column := s.column.Load(); column != nil {
		column.erase(c.gone...)
		if column.deleted += len(c.gone); column.deleted >= forgetFrom {
			column.deleted = 0
			column.call()
		}
	}
}

// forgetFrom is how many deleted documents make a round of the column worth it.
const forgetFrom = 256

func parseUpdated(raw []byte) int64 {
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
