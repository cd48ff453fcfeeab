package conversation_test

import "testing"

// Courtesies around a question are no part of it, and other words are never left out.
func TestTheQuestionInAMessage(t *testing.T) {
	f := newFixture(t)
	for message, want := range map[string]string{
		"Hello, when does the lighthouse open?":                      "when does the lighthouse open?",
		"Good morning! How are you? When does the lighthouse open?":  "When does the lighthouse open?",
		"Hi who built the harbour":                                   "who built the harbour",
		"Could you please tell me when the lighthouse fell?":         "when the lighthouse fell?",
		"Hello, I would like to know who built the harbour. Thanks!": "who built the harbour.",
		"I have a quick question: who built the harbour?":            "who built the harbour?",
		"Please, who built the harbour?":                             "who built the harbour?",
		"Who built the harbour? Thank you very much":                 "Who built the harbour?",
		"Who built the harbour, please":                              "Who built the harbour",
		"السلام عليكم ورحمة الله، متى صدر الدستور؟":                  "متى صدر الدستور؟",
		"مرحبا كم عضوا وضع الدستور؟":                                 "كم عضوا وضع الدستور؟",
		"لو سمحت متى صدر الدستور؟ شكرا جزيلا":                        "متى صدر الدستور؟",
		"من فضلك، هل يمكنك أن تخبرني متى صدر الدستور؟":               "متى صدر الدستور؟",
		"أريد أن أعرف كم عضوا وضع الدستور":                           "كم عضوا وضع الدستور",
		"هل تعرف من وضع الدستور؟":                                    "من وضع الدستور؟",
		"عندي سؤال: متى صدر الدستور؟":                                "متى صدر الدستور؟",
		"صباح الخير، وكم عضوا في اللجنة؟":                            "وكم عضوا في اللجنة؟",
		"Good morning Vietnam release date":                          "",
		"Hello Kitty price":                                          "",
		"Hello, thanks":                                              "",
		"Good morning, thanks a lot!":                                "",
		"I know what you did last summer":                            "",
		"Do workers know what the law says?":                         "",
		"Can I tell the landlord when I leave?":                      "",
		"How do you say thank you in Arabic?":                        "",
		"Thanks. Now something else: who built the harbour?":         "who built the harbour?",
		"ok thanks, and the lighthouse of Alexandria?":               "and the lighthouse of Alexandria?",
		"By the way, who built the harbour?":                         "who built the harbour?",
		"شكرا! ومن وضع الدستور؟":                                     "ومن وضع الدستور؟",
		"سؤال آخر: من وضع الدستور؟":                                  "من وضع الدستور؟",
		"Great harbours of the world":                                "", "No, the second harbour": "", "Yes, please": "", "Great": "", "Sorry seems to be the hardest word": "",
		"Tell me why": "", "You know what, there are bigger lighthouses": "",
		"What is the answer to thanks?": "",
		"اتفاق السلام عليكم بالعدل":     "",
		"من وضع الدستور؟":               "",
		"معرفة ما في الدستور":           "",
		"شكرا":                          "",
	} {
		if want == "" {
			want = message
		}
		if got := f.reader.Request(message); got != want {
			t.Errorf("%q is read as %q, want %q", message, got, want)
		}
	}
}
