package searcher

import "dalil/corpus"

// lost looks for the one word of the question whose absence is the strongest sign: "Houston" in "when was the university
// of Houston founded?" is absent from a passage about another university, although most words are there. How much a
// word means is the length of its vector. Its idf is divided by that of a word in no passage, so that it has one
// scale in every index.
func (w *weighing) lost(c *candidate, s *Signs) {
	n := len(w.groups)
	rarest := max(corpus.IDF(float64(w.passages), 0), 1e-9)
	var squares, lostSquares, most float64
	raise := func(sign int, x float64) { s[sign] = max(s[sign], float32(x)) }
	for i, match := range w.matchesOf(c) {
		g := &w.groups[i]
		means, rarity, missing := w.weights[byMeaning][i], g.IDF/rarest, 1-match
		raise(signLost, means*missing)
		switch x := float32(means * rarity * missing); {
		case x > s[signLostRare]:
			s[signLostRare], s[signSecondLostRare] = x, s[signLostRare]
		case x > s[signSecondLostRare]:
			s[signSecondLostRare] = x
		}
		square := max(means-1, 0) * max(means-1, 0)
		squares += square
		lostSquares += square * missing
		raise(signAbsent, means*(1-w.first[i]))
		raise(signAbsentRare, means*rarity*(1-w.held[i]))
		translated := min(g.Translated/sureTranslation, 1)
		raise(signUntranslated, translated*rarity*missing)
		raise(signUntranslatedMeant, translated*means*missing)
		if x := means * rarity; x > most {
			most, s[signTopic] = x, float32(match)
		}
		if c.certain != nil {
			raise(signHeldMeant, means*c.certain[i])
		}
		raise(signMostRare, rarity)
		raise(signMostMeant, means)
		if len(g.Dimensions) == 0 {
			s[signNoForm] += 1 / float32(n)
			s[signNoFormRare] += float32(g.IDF / max(w.sums[byRarity], 1e-9))
		}
		s[signSumMeant] += float32(means * match)
		s[signSumRare] += float32(rarity * match)
		switch {
		case g.Name:
			raise(signNameLost, missing)
			raise(signNameLostMeant, means*missing)
		case g.Number:
			raise(signNumberLost, missing)
		}
	}
	s[signLostShare] = float32(lostSquares / (squares + 0.01))
}
