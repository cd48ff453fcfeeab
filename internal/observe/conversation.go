package observe

import "github.com/prometheus/client_golang/prometheus"

// conversationMetrics show how questions with a history were understood.
type conversationMetrics struct{ followsUp, standsAlone prometheus.Counter }

func newConversationMetrics(r prometheus.Registerer) *conversationMetrics {
	read := counter(r, "dalil_conversation_questions_total", "Questions with a history, by how they were understood.", "read_as")
	return &conversationMetrics{read.WithLabelValues("follow_up"), read.WithLabelValues("standalone")}
}

func (m *conversationMetrics) count(followsUp bool) {
	if followsUp {
		m.followsUp.Inc()
	} else {
		m.standsAlone.Inc()
	}
}
