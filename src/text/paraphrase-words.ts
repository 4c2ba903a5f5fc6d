/**
 * Words and expressions that stand for one another when a representative says the same in other words, one group per
 * line. English in any inflection (see `stem`), several words joined by a space; Chinese as written.
 */
const groups = `
sorry|apology|apologise|apologize|regret|my apologies|抱歉|对不起|不好意思|歉意|致歉|道歉|对不住|sincere apologies
understand|appreciate|realise|realize|i see|i hear you|理解|明白|体会|体谅|感同身受
feel|feeling|心情|感受|情绪
worry|worried|worrying|concern|anxious|stress|stressful|着急|担心|焦急|担忧|急
frustrat|annoy|upset|inconvenience|inconvenient|trouble|bother|hassle|disappoint|不便|麻烦|困扰|失望|添麻烦
help|assist|support|帮|帮助|协助|帮忙|效劳|服务|for you
fix|resolve|solve|sort out|put right|put it right|sort|rectify|repair|处理|解决|搞定|修好
check|verify|confirm|look into|look up|look at|investigate|find out|核实|核对|确认|查|查询|查看|查一下|看一下|看看|核查|了解一下
wait|hold|hold on|bear with|moment|minute|second|稍等|等一下|等待|稍候|请等|等
please|kindly|请|麻烦您|劳烦
quick|quickly|soon|immediate|immediately|right away|straight away|asap|at once|promptly|尽快|马上|立刻|立即|第一时间|尽早|赶紧
refund|money back|reimburse|give back|return your money|get your money|退款|退钱|把钱退|退还|退费|退回
return|send back|send it back|退货|退回来|寄回
replace|exchange|new one|swap|换货|更换|换一个|调换|换新
cancel|terminate|stop|退订|取消|不要了|撤销|终止
order|purchase|bought|订单|下单|购买|买
parcel|package|delivery|shipment|包裹|快递|货|东西|物流
arrive|deliver|come|reach|get here|到达|送达|到货|收到|送到|寄到
late|delay|overdue|slow|延迟|晚|慢|延误|迟
broken|damage|faulty|defect|not work|坏|损坏|破损|坏了|有问题|不能用
price|cost|charge|fee|bill|费用|价格|收费|钱|多少钱
pay|paid|payment|支付|付款|付
call|phone|ring|contact|get back|reach out|get in touch|联系|致电|回电|打电话|回复|回访|答复
name|名字|姓名|贵姓|怎么称呼|称呼您
number|号|号码
address|住址|地址
date of birth|birthday|born|出生日期|生日|出生
thank|grateful|谢谢|感谢|多谢
hello|hi|good morning|good afternoon|welcome|您好|你好|早上好|下午好|欢迎
goodby|bye|good day|nice day|great day|再见|拜拜|祝您生活愉快|祝您愉快
else|other|anything else|别的|其他|还有什么|其它
problem|issue|matter|question|问题|情况|事情
can|able|could|may|possible|可以|能|能够|行
tell|give|provide|share|let me know|have|告诉|提供|说一下|告知|报一下
manager|supervisor|boss|经理|主管|领导|上级
complaint|complain|投诉|抱怨
happy|satisfied|pleased with|满意|高兴
long|time|多久|多长时间|时间
mean|say|意思|说
account|账户|账号|帐号
password|passcode|密码|口令
secure|safe|安全|保障
record|tape|录音
free|no charge|free of charge|without charge|免费|不收费|不用钱|不收取
every|all|全部|所有|都
start|begin|open|开始|开通
end|finish|close|complete|结束|完成|办完
want|like|wish|need|想|要|希望|需要
`;

/** Expression → the name of its group (its first expression). Longest expressions have the most words. */
export const concepts: ReadonlyMap<string, string> = new Map(
  groups
    .trim()
    .split('\n')
    .flatMap((line) => {
      const words = line.split('|');
      return words.map((word): [string, string] => [word.split(' ').map(stem).join(' '), `=${words[0]!}`]);
    }),
);

/** The words that turn a statement round. */
export const negations: ReadonlySet<string> = new Set([
  ...'not no never cannot without unable unfortunately refuse nothing nobody neither impossible'.split(' ').map(stem),
  ...'不没无别未勿拒',
]); // prettier-ignore

/** Chinese expressions that hold a negating character and negate nothing. */
export const notNegations: readonly string[] = [
  '对不起', '不好意思', '不便', '不用钱', '不收费', '没问题', '不过', '对不住', '差不多', '不管', '不但', '不仅', '没关系', '免费', '不收取', '特别', '别的', '未来',
  '是不是', '能不能', '可不可以', '有没有', '要不要', '好不好', '不要了', '不能用',
]; // prettier-ignore

/**
 * A light English stemmer: endings off, no dictionary. Good enough to bring inflections together; what comes out need
 * not be a word (apologise → apologis).
 */
export function stem(word: string): string {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
  let out = word
    .replace(/ies$/, 'i')
    .replace(/(?<!s)s$/, '')
    .replace(/(?<=..[^aeiou])ying$|(?<=..[^aeiou])ied$/, 'i');
  if (/[aeiouy].*(?:ing|ed)$/.test(out) && out.length > 5) {
    out = out.replace(/(?:ing|ed)$/, '');
    out = out.replace(/([bdfgmnprt])\1$/, '$1');
  }
  return out.replace(/(?<=...)ly$/, 'li').replace(/(?<=...)e$/, '').replace(/(?<=..[^aeiou])y$/, 'i'); // prettier-ignore
}
