package grounding

// reports reports whether the words from i on, which are a phrase of [talk], say
// what somebody does rather than tell the reader to do it. In Arabic, many orders
// are spelled as the past tense is. There the subject stands after the verb, and
// the object after the subject: "تجاهل اللاعب تعليمات المدرب السابقة" (the player
// ignored ...). In English, the subject stands before it: "the players must ignore
// all previous instructions". Where it is not certain, the answer is false.
func (r *reading) reports(i int, p phrase) bool {
	switch c := r.classes[i]; {
	case c&not != 0 && i+1 < len(r.classes) && p.steps[1].class&tell != 0:
		return r.classes[i+1]&past != 0 && r.subjectAfter(i+1)
	case !p.order:
		return false
	case c&past != 0:
		return r.subjectAfter(i) || c&gerund != 0 && r.predicateAfter(i)
	case c&noun != 0:
		return r.nounBefore(i+1) || r.subjectBefore(i)
	}
	return r.subjectBefore(i)
}

// objects are the classes of what an order of [talk] is about. Such a word after
// the verb is its object.
const objects = instruction | prior | user | private | answer | machine | yourInstructions

// subjectAfter reports whether a definite noun, with up to two adjectives, stands
// after the Arabic verb v and before its object: an object has no conjunction or
// preposition, and no mark separates it.
func (r *reading) subjectAfter(v int) bool {
	if v+1 >= len(r.classes) || r.stops[v+1] || r.classes[v+1]&(definite|joinedLetter) != definite || r.classes[v+1]&(objects|start|fromNow|relative) != 0 {
		return false
	}
	for k := v + 2; k < len(r.classes) && k <= v+4 && !r.stops[k]; k++ {
		switch c := r.classes[k]; {
		case c&(relative|joinedLetter|yourInstructions) != 0:
			return false
		case c&(whole|instruction|user|private) != 0:
			return true
		case c&definite == 0:
			return false
		}
	}
	return false
}

// predicateAfter reports whether the Arabic word i is a noun, because a verb that it
// is the subject of comes later in its clause: "تجاهل جميع القواعد السابقة يؤدي إلى ...".
func (r *reading) predicateAfter(i int) bool {
	for k := i + 1; k < len(r.classes) && k <= i+8 && !r.stops[k]; k++ {
		switch c := r.classes[k]; {
		case c&(makes|joinedLetter) == makes:
			return r.classes[k-1]&definite != 0
		case c&(relative|reply|you) != 0:
			return false
		}
	}
	return false
}

// nounBefore reports whether word i makes a noun of the English word before it:
// "disregard of", "disregard for all ...", but not "disregard for now".
func (r *reading) nounBefore(i int) bool {
	return i+1 < len(r.classes) && r.classes[i]&of != 0 && !r.stops[i] && r.classes[i+1]&(prior|instruction|determiner) != 0
}

// subjectBefore reports whether the clause of the English verb i begins with a third
// person as its subject. "And" and "then" join the verb only to a subject in the
// plural, because the verb has no s. Readers, models and texts are no such subject.
func (r *reading) subjectBefore(i int) bool {
	first := i
	for first > 0 && !r.stops[first] {
		first--
	}
	if i < first+2 || r.classes[first]&(determiner|some) == 0 {
		return false
	}
	for _, c := range r.classes[first:i] {
		if c&(machine|you|your|user|reader|thing|instruction|answer|greet) != 0 {
			return false
		}
	}
	switch link := r.classes[i-1]; {
	case link&modal != 0:
		return i-1 == first+2 || i-1 == first+3
	case link&joins != 0:
		return r.classes[first+1]&plural != 0 || r.classes[first]&some != 0 && r.classes[first+2]&plural != 0
	}
	return false
}
