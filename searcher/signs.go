package searcher

import (
	"context"
	"slices"

	"dalil/corpus"
)

// Signs are the inputs of the relevance of a candidate, in the order of
// [SignNames]. Unlike [Features], which compare the candidates of one question,
// they mean the same for every question.
type Signs [len(signTable)]float32

// SignNames returns the names of the signs, in their order.
func SignNames() []string { return slices.Clone(signTable[:]) }

// signTable names the signs. A lead is the difference from the best other
// candidate.
var signTable = [...]string{
	signDense: "dense", signSentence: "sentence", signLate: "late", signTogether: "together", signCoverage: "coverage",
	signConcepts: "concepts", signMeant: "meant", signMeantRare: "meant_rare", signDistinct: "distinct",
	signWeakest: "weakest", signSecondWeakest: "second_weakest", signRarest: "rarest", signAdjacent: "adjacent", signDensity: "density",
	signNarrow: "narrow", signWindow: "window", signWide: "wide", signLexical: "lexical", signLexicalHeight: "lexical_height",
	signExclusive: "exclusive", signElsewhere: "elsewhere", signNowhere: "nowhere", signWords: "words", signLanguage: "language",
	signDenseLead: "dense_lead", signSentenceLead: "sentence_lead", signLateLead: "late_lead", signConceptsLead: "concepts_lead",
	signWindowLead: "window_lead", signLexicalLead: "lexical_lead", signFusedLead: "fused_lead",
	signKnown: "known", signUnknown: "unknown",
	signLost: "lost", signLostRare: "lost_rare", signSecondLostRare: "second_lost_rare", signLostShare: "lost_share",
	signAbsent: "absent", signAbsentRare: "absent_rare", signUntranslated: "lost_translated", signUntranslatedMeant: "lost_translated_meant",
	signTopic: "topic", signHeldMeant: "held_meant",
	signMostRare: "most_rare", signMostMeant: "most_meant", signNoForm: "no_form", signNoFormRare: "no_form_rare",
	signSumMeant: "sum_meant", signSumRare: "sum_rare",
	signNameLost: "name_lost", signNameLostMeant: "name_lost_meant", signNumberLost: "number_lost",
	signUncommon: "uncommon", signUncommonHeld: "uncommon_held", signSumUncommon: "sum_uncommon", signSumUncommonLost: "sum_uncommon_lost",
	signSumLost: "sum_lost", signSumLostRare: "sum_lost_rare",
	signSumUntranslated: "sum_lost_translated", signSumUntranslatedMeant: "sum_lost_translated_meant",
	signNearMeant: "near_meant", signNearTopic: "near_topic", signFarMeant: "far_meant", signMeanFar: "mean_far",
}

const (
	signDense         = iota
	signSentence      // cosine of the best sentence
	signLate          // late interaction
	signTogether      // late interaction with one sentence
	signCoverage      // idf weight of the words that the passage holds
	signConcepts      // idf weight of the words that it holds or has near words of
	signMeant         // the same, by how much the words mean
	signMeantRare     // the same, by both
	signDistinct      // the same, by idf and by how few candidates have the word
	signWeakest       // how near the passage comes to the important word that is furthest from it
	signSecondWeakest // and to the next one
	signRarest        // how likely it holds the rarest word
	signAdjacent      // neighbouring words side by side
	signDensity       // how close together the words are
	signNarrow        // idf weight of the words within one clause
	signWindow        // within two sentences
	signWide          // within four
	signLexical       // BM25 / the question's idf
	signLexicalHeight // BM25, in deviations above the candidates' mean
	signExclusive     // idf weight of what only this candidate has
	signElsewhere     // of what another candidate has and this one does not
	signNowhere       // of what no candidate has
	signWords         // words of the question
	signLanguage      // whether question and passage have one script
	signDenseLead
	signSentenceLead
	signLateLead
	signConceptsLead
	signWindowLead
	signLexicalLead
	signFusedLead // of the score that orders the answer
	signKnown     // idf weight of the words that it holds, among those that it could hold: see [weighing.known]
	signUnknown   // idf weight of the words that it could not hold

	// A question about something else often lacks one word only, its name. The next signs are of the one
	// word that counts most: see [weighing.lost].
	signLost              // meaning of the word that is furthest from the passage
	signLostRare          // the same, by meaning and idf
	signSecondLostRare    // and of the next one
	signLostShare         // share of the squared meaning that the passage does not have
	signAbsent            // meaning of the word that all candidates are far from
	signAbsentRare        // meaning and idf of the word that no candidate holds in any form
	signUntranslated      // idf of the word that the lexicon translates and the passage does not have
	signUntranslatedMeant // the same, by meaning
	signTopic             // how near the passage comes to the word that means most and is rarest
	signHeldMeant         // meaning of the word with the most meaning that it holds
	signMostRare          // idf of the question's rarest word
	signMostMeant         // meaning of its word with the most meaning
	signNoForm            // share of its words that the index does not contain in any form
	signNoFormRare        // the same, by idf
	signSumMeant          // sum of the words' meaning that the passage has
	signSumRare           // and of their idf
	signNameLost          // how far the passage is from the name that is furthest from it
	signNameLostMeant     // the same, by meaning
	signNumberLost        // and from the number

	// The next signs are of all words together, some by how rare they are in their language: see [weighing.total].
	signUncommon             // rarity of the words that it has or has near words of, as a share
	signUncommonHeld         // rarity of the rarest of them
	signSumUncommon          // sum of their rarity
	signSumUncommonLost      // and of those that it does not have
	signSumLost              // sum of the meaning that it does not have
	signSumLostRare          // and of the idf
	signSumUntranslated      // sum of the idf of the words that the lexicon translates and it does not have
	signSumUntranslatedMeant // and of their meaning

	// The last ones leave the lexicon out: see [weighing.nearby].
	signNearMeant // similarity of the word nearest to the one that means most
	signNearTopic // and to the one that means most and is rarest
	signFarMeant  // meaning of the word that no word of the passage is near to
	signMeanFar   // mean of meaning times distance
)

// SignDirections returns which way each sign may move the relevance: 1 for up, -1
// for down, 0 for either.
func SignDirections() []int {
	directions := make([]int, len(signTable))
	for i := range directions {
		directions[i] = 1
	}
	for _, i := range []int{
		signElsewhere, signNowhere, signLost, signLostRare, signSecondLostRare, signLostShare,
		signAbsent, signAbsentRare, signUntranslated, signUntranslatedMeant, signNameLost, signNameLostMeant, signNumberLost,
		signSumUncommonLost, signSumLost, signSumLostRare, signSumUntranslated, signSumUntranslatedMeant, signFarMeant, signMeanFar,
	} {
		directions[i] = -1
	}
	for _, i := range []int{signWords, signLanguage, signLexicalHeight, signUnknown, signMostRare, signMostMeant, signNoForm, signNoFormRare} {
		directions[i] = 0
	}
	return directions
}

// leads lists the signs that compare a candidate with the best other one.
var leads = [...]struct{ sign, of int }{
	{signDenseLead, signDense},
	{signSentenceLead, signSentence},
	{signLateLead, signLate},
	{signConceptsLead, signConcepts},
	{signWindowLead, signWindow},
	{signLexicalLead, signLexical},
	{signFusedLead, signFusedLead},
}

// signed are the signs of one candidate. Those that candidates are compared by are worked
// out for all. The others are worked out when they are asked for, because only some of the
// best candidates are shown.
type signed struct {
	Signs
	number    int      // of the candidate among those that were compared
	whole     bool     // all signs are worked out
	relevance *float32 // nil: not worked out yet
}

// observe works out the signs of the best candidates, where both arms and the
// reranker scored them.
func (r *run) observe(_ context.Context, candidates []candidate) ([]candidate, error) {
	best := r.best(candidates)
	if !r.observable(best) {
		return candidates, nil
	}
	signs := r.memory().signsOf(len(best))
	r.weighing = newWeighing(r.question.Groups, r.meaning, r.surprisal, best, r.vocabulary.Passages(), r.memory())
	for i := range best {
		signs[i].number, best[i].signs = i, &signs[i]
		r.sign(&best[i])
		r.weighing.compare(&best[i])
	}
	for _, l := range leads {
		lead(signs, l.sign, l.of)
	}
	r.numbers, r.names = r.numbersIn(best), r.namesIn(best)
	return candidates, nil
}

// signsOf returns all signs of a candidate; nil: it has none.
func (r *run) signsOf(c *candidate) *Signs {
	if c.signs == nil {
		return nil
	}
	if !c.signs.whole {
		r.weighing.sign(c)
		c.signs.whole = true
	}
	return &c.signs.Signs
}

// observable reports whether the candidates have what the signs are made of, ranked
// as those were that tables are fitted to.
func (r *run) observable(best []candidate) bool {
	f := r.query.Fusion
	return f.Method == corpus.Mix && f.DenseWeight == nil && f.LexicalWeight == nil && r.lexical && r.vector != nil && len(best) > 0 && best[0].scores.Rerank != nil && best[0].nearest != nil
}

// sign fills what is known of a candidate already.
func (r *run) sign(c *candidate) {
	s, f := &c.signs.Signs, &c.features
	s[signDense], s[signSentence], s[signLate], s[signCoverage] = value(c.scores.Dense), value(c.sentence), value(c.scores.Rerank), value(c.scores.Coverage)
	s[signTogether] = c.together
	s[signRarest], s[signWords], s[signLanguage], s[signLexicalHeight] = f[featureRarest], f[featureWords], f[featureLanguage], f[featureLexical]
	s[signAdjacent], s[signDensity] = c.near.adjacent, c.near.dense
	s[signFusedLead] = float32(c.final)
	s[signLexical] = value(c.scores.Lexical)
}

// value is a score; 0 where there is none.
func value(score *float32) float32 {
	if score == nil {
		return 0
	}
	return *score
}

// lead fills a sign with the difference of another one from the best other
// candidate.
func lead(signs []signed, sign, of int) {
	first, second := -1, -1
	for i := range signs {
		switch x := signs[i].Signs[of]; {
		case first < 0 || x > signs[first].Signs[of]:
			first, second = i, first
		case second < 0 || x > signs[second].Signs[of]:
			second = i
		}
	}
	highest, next := signs[first].Signs[of], float32(0)
	if second >= 0 {
		next = signs[second].Signs[of]
	}
	for i := range signs {
		s := &signs[i].Signs
		if i == first {
			s[sign] = s[of] - next
		} else {
			s[sign] = s[of] - highest
		}
	}
}

// named lists the signs with their names.
func (s *Signs) named() []corpus.Feature {
	if s == nil {
		return nil
	}
	all := make([]corpus.Feature, len(signTable))
	for i, name := range signTable {
		all[i] = corpus.Feature{Name: name, Value: s[i]}
	}
	return all
}
