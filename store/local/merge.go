package local

import (
	"errors"
	"math"
	"slices"
	"sync"

	"dalil/fair"
)

// gone marks a row or document that was deleted when its views were merged.
const gone = math.MaxUint32

// merging makes one segment from the documents of neighbouring views that are not
// deleted. The order does not change, so posting lists only get new row numbers and
// need no sorting.
type merging struct {
	views     []view
	turn      *fair.Turn
	done      int        // work since the turn was asked whether to rest
	rows      [][]uint32 // new names by view
	documents [][]uint32
	recode    [][]uint16
}

// newMerging begins a merge of views, which needs at least one document and at most maxRows
// rows that are not deleted. It rests in the turn, which may be nil. The segment has its
// weights, and room for the rest.
func newMerging(views []view, turn *fair.Turn) (*merging, *segment) {
	m := &merging{views: views, turn: turn}
	z := m.rename()
	weights := m.unite(&z)
	eachDimension(views, func(_ uint32, spans []span) {
		n := 0
		m.worked(len(spans))
		for i, p := range spans {
			if views[i].dead == nil {
				n += int(p.to - p.from)
			} else if p.from < p.to {
				n += views[i].living(p.from, p.to)
			}
		}
		z.postings += n
		z.dimensions += min(n, 1)
	})
	eachTermOf(views, func(term []byte, places []int) {
		m.worked(len(places))
		if n := m.livingTerm(places); n > 0 {
			z.terms++
			z.termText += len(term)
			z.termDocs += n
		}
	})
	s := allocate(views[0].width, z)
	if z.coded {
		copy(s.weights, weights.weights)
	}
	return m, s
}

// merge is a merge by one goroutine.
func merge(views []view, turn *fair.Turn) *segment {
	m, s := newMerging(views, turn)
	m.mergeRows(s)
	m.mergePostings(s)
	s.roughen(turn)
	s.measure()
	return s
}

func (m *merging) mergeRows(s *segment) {
	m.fillRows(s)
	s.finishRows()
}

func (m *merging) mergePostings(s *segment) {
	m.fillPostings(s)
	m.fillTerms(s)
	s.finishPostings()
}

// mergeAndSave merges views, ends the turn and saves the result. Without a turn, and if nothing
// is read from mapped files, which would need the caller's guard, two goroutines merge rows
// and postings, and each writes to the file what it has.
func mergeAndSave(views []view, turn *fair.Turn, dir string) (*segment, error) {
	if turn != nil || slices.ContainsFunc(views, func(v view) bool { return v.mapped != nil }) {
		s := merge(views, turn)
		turn.End()
		return s, s.save(dir)
	}
	m, s := newMerging(views, nil)
	w, err := s.beginSave(dir)
	if err != nil {
		return nil, err
	}
	var beside sync.WaitGroup
	var errs [4]error
	other := *m
	beside.Go(func() {
		other.mergePostings(s)
		errs[0] = w.write(arrPostings, arrRough)
	})
	m.mergeRows(s)
	errs[1] = w.write(0, arrPostings)
	beside.Go(func() { errs[2] = w.file.Sync() }) // the disk begins
	s.roughen(nil)
	errs[3] = w.write(arrRough, arrays)
	beside.Wait()
	s.measure()
	return s, w.end(dir, errors.Join(errs[:]...))
}

// restAfter is after how many postings or the like a merge asks whether to rest: the clock
// costs more than one of them.
const restAfter = 1024

// worked counts n pieces of work, and rests once in a while.
func (m *merging) worked(n int) {
	if m.done += n; m.done >= restAfter {
		m.done = 0
		m.turn.Rest()
	}
}

func (m *merging) rename() (z sizes) {
	for i := range m.views {
		v := &m.views[i]
		rows, documents := make([]uint32, len(v.ids)), make([]uint32, len(v.keys))
		for d := range v.keys {
			first, end := v.firsts[d], v.firsts[d+1]
			if v.dead.has(uint32(d)) {
				documents[d] = gone
				for row := first; row < end; row++ {
					rows[row] = gone
				}
				continue
			}
			documents[d] = uint32(z.documents)
			z.documents++
			z.idText += len(v.id(uint32(d)))
			z.revisionText += len(v.revision(uint32(d)))
			for row := first; row < end; row++ {
				rows[row] = uint32(z.rows)
				z.rows++
			}
		}
		m.rows, m.documents = append(m.rows, rows), append(m.documents, documents)
	}
	return z
}

// unite makes one dictionary of the weights of all views, if they fit into one.
func (m *merging) unite(z *sizes) *dictionary {
	all := newDictionary()
	m.recode = make([][]uint16, len(m.views))
	for i := range m.views { // by code where the view has codes, and else by posting
		weights := m.views[i].weights
		m.recode[i] = make([]uint16, len(weights))
		for j, w := range weights {
			m.worked(1)
			m.recode[i][j] = all.add(w)
		}
	}
	z.coded, z.weights = all.fits(), len(all.weights)
	return all
}

func (m *merging) livingTerm(places []int) int {
	n := 0
	for i, at := range places {
		if at < 0 {
			continue
		}
		documents := m.views[i].termDocuments(at)
		if m.views[i].dead == nil {
			n += len(documents)
			continue
		}
		for _, d := range documents {
			if m.documents[i][d] != gone {
				n++
			}
		}
	}
	return n
}

func (m *merging) fillRows(s *segment) {
	idAt, revisionAt := 0, 0
	for i := range m.views {
		v := &m.views[i]
		for d, to := range m.documents[i] {
			m.worked(restAfter / 16)
			if to == gone {
				continue
			}
			first, end := int(v.firsts[d]), int(v.firsts[d+1])
			s.keys[to], s.seconds[to], s.nanos[to] = v.keys[d], v.seconds[d], v.nanos[d]
			idAt += copy(s.idText[idAt:], v.id(uint32(d)))
			revisionAt += copy(s.revisionText[revisionAt:], v.revision(uint32(d)))
			s.idStarts[to+1], s.revisionStarts[to+1] = uint32(idAt), uint32(revisionAt)
			row := int(s.firsts[to])
			s.firsts[to+1] = uint32(row + end - first)
			copy(s.high[row*s.stride:], v.high[first*s.stride:end*s.stride])
			copy(s.low[row*s.stride:], v.low[first*s.stride:end*s.stride])
			copy(s.scales[row:], v.scales[first:end])
			copy(s.ids[row:], v.ids[first:end])
			for r := row; r < row+end-first; r++ {
				s.owners[r] = to
			}
		}
	}
}

func (m *merging) fillPostings(s *segment) {
	at, dimension := 0, 0
	eachDimension(m.views, func(d uint32, spans []span) {
		begin := at
		m.worked(len(spans))
		for i, p := range spans {
			if p.from < p.to {
				m.worked(int(p.to - p.from))
				at = m.fillSpan(s, at, i, p)
			}
		}
		if at > begin {
			s.dimensions[dimension], s.starts[dimension] = d, uint32(begin)
			dimension++
		}
	})
	s.starts[dimension] = uint32(at)
}

// fillSpan adds those postings of a view whose rows are not gone, and returns where the
// next ones begin.
func (m *merging) fillSpan(s *segment, at, i int, p span) int {
	v, recode := &m.views[i], m.recode[i]
	coded := len(s.codes) > 0
	if v.dead == nil && coded && len(v.codes) > 0 { // all rows stay, one behind the other
		first := uint16(m.rows[i][0])
		rows, codes := v.segment.rows[p.from:p.to], v.codes[p.from:p.to]
		newRows, newCodes := s.rows[at:][:len(rows)], s.codes[at:][:len(codes)]
		for k, row := range rows {
			newRows[k] = first + row
		}
		for k, code := range codes {
			newCodes[k] = recode[code]
		}
		return at + len(rows)
	}
	for from := p.from; from < p.to; from++ {
		row := m.rows[i][v.segment.rows[from]]
		if row == gone {
			continue
		}
		s.rows[at] = uint16(row)
		switch {
		case !coded:
			s.weights[at] = v.weight(from)
		case len(v.codes) > 0:
			s.codes[at] = recode[v.codes[from]]
		default:
			s.codes[at] = recode[from]
		}
		at++
	}
	return at
}

func (m *merging) fillTerms(s *segment) {
	text, at, n := 0, 0, 0
	eachTermOf(m.views, func(term []byte, places []int) {
		begin := at
		m.worked(len(places))
		for i, p := range places {
			if p < 0 {
				continue
			}
			for _, d := range m.views[i].termDocuments(p) {
				if to := m.documents[i][d]; to != gone {
					s.termDocs[at] = to
					at++
				}
			}
		}
		if at > begin {
			text += copy(s.termText[text:], term)
			n++
			s.termStarts[n], s.termLists[n] = uint32(text), uint32(at)
		}
	})
}
