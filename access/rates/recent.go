package rates

import "container/list"

// recent keeps a bounded number of values by name. Beyond it, the one that was used
// longest ago is dropped.
type recent[V any] struct {
	most   int
	keep   func(V) bool // the value must not be dropped
	byName map[string]*list.Element
	order  *list.List // of *named[V]; the one that was used longest ago first
}

type named[V any] struct {
	name  string
	value V
}

func newRecent[V any](most int, keep func(V) bool) *recent[V] {
	return &recent[V]{most: most, keep: keep, byName: map[string]*list.Element{}, order: list.New()}
}

// get returns a value, which it makes if there is none.
func (r *recent[V]) get(name string, make func() V) V {
	if e, there := r.byName[name]; there {
		r.order.MoveToBack(e)
		return e.Value.(*named[V]).value
	}
	n := &named[V]{name, make()}
	r.byName[name] = r.order.PushBack(n)
	for e := r.order.Front(); r.order.Len() > r.most && e != nil; {
		next := e.Next()
		if old := e.Value.(*named[V]); old != n && !r.keep(old.value) {
			r.order.Remove(e)
			delete(r.byName, old.name)
		}
		e = next
	}
	return n.value
}

func (r *recent[V]) len() int { return r.order.Len() }
