import type { LexiconSource } from './lexicon-types.ts';

/** Service lexicon, English. Words in lower case, `n't` kept with its verb; digits are written 0 (see `normalise`). */
export const english: LexiconSource = {
  affect: [
    [-0.95, 'unacceptable|disgraceful|outrageous|appalling|scam|scammers|fraudsters|worst|piece of junk|piece of crap'],
    [-0.95, 'shit|bullshit|fuck|fucking|idiot|idiots|stupid|liar|liars|rip off|ripped off|hate'],
    [-0.85, 'terrible|horrible|awful|ridiculous|pathetic|furious|angry|livid|disgusted|disgusting|useless|a joke'],
    [
      -0.85,
      'shocking service|fed up|sick of|sick and tired|had enough|lied to me|cheated|crap|garbage|junk|incompetent',
    ],
    [-0.7, 'disappointed|disappointing|disappointment|frustrated|frustrating|annoyed|annoying|upset|unhappy'],
    [-0.7, 'dissatisfied|unprofessional|rude|nightmare|mess|shame|wasted|waste of time|waste of money|rubbish'],
    [-0.7, 'never buy|never again|never order|lost my patience|losing my patience|running out of patience'],
    [-0.55, 'bad|poor|poorly|worse|unreliable|careless|unfair|excuses|inconvenient|unhelpful|confusing|absurd'],
    [-0.45, 'worried|concerned|sad|unclear|tired of|not good enough|expected better|makes no sense|no use'],
    [
      -0.8,
      'disrespectful|insulting|insult|dishonest|lies|lying|fraud|robbery|daylight robbery|abysmal|atrocious|dreadful',
    ],
    [
      -0.8,
      'hopeless|worthless|laughable|shambles|horrendous|disaster|catastrophe|nonsense|jerk|moron|screwed|sucks|damn',
    ],
    [
      -0.7,
      'let down|letting me down|regret|regretting|fuming|irritated|irritating|aggravating|infuriating|outraged|cheat',
    ],
    [-0.7, 'unbelievable|beyond a joke|had it with|taking my business elsewhere|lost all trust|lost trust'],
    [-0.6, 'misleading|misled|deceived|deceptive|neglected|negligent|sloppy|shoddy|cheaply made|overpriced'],
    [
      -0.6,
      'stressful|stressed|exhausting|exhausted|unfortunate experience|bad experience|poor experience|at my wits end',
    ],
    [
      -0.5,
      "make up your mind|takes forever|taking forever|took forever|forever|can't be right|is not right|isn't right",
    ],
    [-0.5, 'hassle|struggling|struggle|suffering|painful|ruined|spoiled|spoilt|unsafe|dangerous|dirty|ugly|slow'],
    [-0.45, "doesn't help|don't help|didn't help|not helping|not help me|doesn't make sense"],
    [0.25, 'thanks|thank you|thank you very much|cheers|okay great|no problem|not a problem|no worries|not bad'],
    [0.2, 'fine with me|sounds good|works for me'],
    [0.3, 'good'],
    [0.45, "great|nice|glad|helpful|helped|appreciate|appreciated|pleased|works now|it's working|working now|quick"],
    [0.45, "thanks a lot|thank you so much|thanks so much|many thanks|you're welcome|you are welcome|very welcome"],
    [0.6, 'happy|satisfied|excellent|awesome|impressed|recommend|solved|solves it|solves my problem|works perfectly'],
    [
      0.45,
      'polite|friendly|kind of you|very kind|so kind|patient|thorough|efficient|smooth|easy|relieved|relief|pleasure',
    ],
    [
      0.5,
      'made my day|like how|really like|enjoy|enjoyed|enjoying|grateful|thankful|impressive|beautiful|sorted it out',
    ],
    [0.5, 'well done|good job|great job|keep up the good work|a star|life saver|lifesaver|a gem|five stars|thumbs up'],
    [0.75, "couldn't be more pleased|could not be happier|couldn't be happier|fabulous|marvellous|terrific|thrilled"],
    [0.75, 'perfect|wonderful|fantastic|brilliant|amazing|delighted|love|lovely|superb|outstanding|best'],
  ],
  trouble: [
    [
      -0.7,
      'what kind of service|what kind of company|what sort of service|what sort of company|call this service|you promised',
    ],
    [
      -0.7,
      'was promised|were promised|broken promises|promised me|same story|wild goose chase|going round in circles|run around',
    ],
    [
      -0.7,
      'the runaround|bounced around|talking to a wall|brick wall|nobody cares|no one cares|nobody listens|no one listens',
    ],
    [
      -0.65,
      'for your error|for your mistake|your error|your mistake|am i supposed|supposed to pay|have to chase|had to chase',
    ],
    [
      -0.6,
      'every day this week|going on since|going on for|dragging on|for weeks now|for months now|for days now|weeks ago and',
    ],
    [
      -0.55,
      "isn't sorted|not sorted|not resolved|unresolved|isn't resolved|hasn't been resolved|isn't fixed|not fixed|isn't solved",
    ],
    [
      -0.5,
      'seriously|another form|died|gave up|dead|scratched|dented|torn|bent|threw|dumped|spilled|burnt|burned|melted|exploded',
    ],
    [-0.5, 'hold for|on hold|cut off|cut me off|disconnected|wrong address|wrong part|wrong model|used item|dropped'],
    [-0.8, 'speak to your manager|speak to a manager|speak to your supervisor|speak to a supervisor|talk to a manager'],
    [
      -0.8,
      'talk to your manager|talk to a supervisor|get me a manager|get me your manager|refuse to pay|refused to refund',
    ],
    [-0.7, 'complaint|complain|complaining|nobody calls|no one calls|nobody called|no one called|nobody answers'],
    [-0.7, "nobody seems to|no one seems to|nobody knows|no one knows|never called|never showed up|didn't show up"],
    [-0.7, 'did not show up|how many times|how many more times|how much longer|hung up on me|ignored|ignoring me'],
    [-0.7, 'passing me|passed around|passed me around|charged me twice|charged twice|double charged|overcharged'],
    [
      -0.65,
      'third time|fourth time|fifth time|0rd time|0th time|again and again|over and over|time and again|yet again',
    ],
    [-0.55, "still waiting|still no|still not|still nothing|still hasn't|still haven't|still isn't|still doesn't"],
    [
      -0.55,
      "still don't|still broken|been waiting|waiting for weeks|waiting for days|waited for|kept waiting|second time",
    ],
    [-0.55, "0nd time|can't do anything|cannot do anything|not what|wrong item|wrong product|wrong size|wrong colour"],
    [
      -0.5,
      'broken|damaged|defective|faulty|cracked|smashed|does not work|does not work either|stopped working|leaking',
    ],
    [-0.5, "doesn't work|don't work|didn't work|not working|isn't working|won't start|never arrived|hasn't arrived"],
    [-0.5, "not arrived|never received|haven't received|not received|didn't receive|never got|no reply|no response"],
    [-0.5, "haven't heard|not heard|broke down|broke again|broke|lost my|missing|too late|so late|refuse|refused"],
    [-0.4, 'failed|fails|delayed|late|overdue|declined|not possible|problem again|same problem|same issue|excuse'],
  ],
  tone: [
    [
      -0.7,
      'buy somewhere else|go somewhere else|take it or leave it|other customers waiting|if you had listened|had you listened',
    ],
    [
      -0.65,
      "can't work miracles|cannot work miracles|not a magician|pay attention|think before|common sense|obviously|you know that's|like it or not",
    ],
    [
      -0.65,
      'wasting my time|waste my time|not interested|what did you do|what have you done|who told you|no idea what you',
    ],
    [-0.9, "shut up|not my problem|not our problem|don't care|do not care|your own fault|your fault|deal with it"],
    [-0.75, 'stop calling|stop shouting|stop yelling|stop asking|stop complaining|keep shouting|you people|whatever'],
    [-0.7, 'not my job|not my department|not my fault|not our fault|you should have|calm down|already told you'],
    [-0.7, "told you already|as i said already|like i said already|i just told you|you're not listening|listen to me"],
    [-0.6, "can't do anything|nothing i can do|you need to listen|you must have|you obviously|you clearly"],
    [-0.5, 'hurry up|be quick|for the last time|read the manual|why would you|what do you expect'],
  ],
  formula: [
    'sorry to hear that|sorry to hear|sorry to hear about that|so sorry to hear that|very sorry to hear that',
    'sorry about that|sorry for that|so sorry about that|sorry for the inconvenience|sorry for the delay|sorry for the wait',
    'so sorry|very sorry|really sorry|truly sorry|sorry|apologise|apologize|apologies|my apologies|unfortunately|i am afraid',
    "i'm afraid|how frustrating that must be|how frustrating that is|how frustrating this is|how frustrating this must be",
    'how frustrating it is|how frustrating it must be|how annoying that is|how annoying that must be|how upsetting that is',
    'how upsetting that must be|how worrying that is|how worrying that must be|how worrying this is|i understand',
    'that must be frustrating|that must be annoying|that must be upsetting|must have been frustrating|your frustration',
    'that sounds frustrating|that is frustrating|i can see why you are upset|i know how you feel|for your patience',
    'bear with me|excuse me|pardon|please|may i|could you|would you|can i help|how can i help|how may i help',
    'thank you for calling|thanks for calling|thank you for contacting|thank you for waiting|thank you for holding',
    'thank you for your message|good morning|good afternoon|good evening|hello|hi|customer satisfaction|best regards',
    'kind regards|have a nice day|have a good day|have a great day|anything else|nothing else|not at all|no problem at all',
    'welcome to|complaint number|complaint form|complaints department|is there a problem|what is the problem',
    "what's the problem|what seems to be the problem|no thank you|no thanks|no complaint|no complaints|late fee",
    'fraud protection|fraud department|about fraud|of course|sure|certainly|i would like|would like|like to|credit card|customer care|take care|caring',
  ].join('|'),
  negators:
    "not|no|never|isn't|aren't|wasn't|weren't|don't|doesn't|didn't|can't|cannot|won't|wouldn't|hardly|without|far from",
  degrees: [
    [
      1.35,
      'never been so|never been more|never felt so|very|really|so|extremely|absolutely|completely|totally|utterly|too|incredibly|truly|just|such a|what a|bloody',
    ],
    [0.6, 'a bit|a little|slightly|somewhat|kind of|sort of|fairly|rather|quite'],
  ],
};
