/**
 * The names under which exports carry the fields of a session or a message, English and Chinese. Compared without
 * case, width, spaces, `_`, `-` and brackets. CSV headers, JSON keys, sidecars and manifests all use these tables.
 */
const sessionAliases = {
  id: 'id,sessionId,session,conversationId,conversation,chatId,dialogId,dialogueId,ticketId,ticket,ticketNumber,ticketNo,caseId,threadId,callId,会话id,会话,会话编号,会话号,对话id,对话编号,工单id,工单号,工单编号,通话id,通话编号,编号,會話id,會話,工單號,通話id',
  channel: 'channel,channelType,渠道,渠道类型,通道',
  language: 'language,lang,locale,语言,语种,語言',
  agentId:
    'agentId,agent,agentName,assignee,assigneeId,operator,operatorId,operatorName,坐席,坐席id,坐席工号,坐席姓名,坐席名称,座席,客服,客服id,客服工号,客服姓名,客服名称,工号,坐席員,客服人員',
  customerId:
    'customerId,customer,customerName,requester,requesterId,visitor,visitorId,visitorName,userId,user,client,clientId,客户,客户id,客户编号,客户姓名,客户名称,顾客,用户,用户id,访客,访客id,客戶,客戶id,顧客',
  team: 'team,teamId,teamName,班组,团队,小组,團隊',
  queue: 'queue,queueId,queueName,skill,skillGroup,department,队列,技能组,业务队列,隊列',
  startedAt: 'startedAt,start,startTime,startDate,开始时间,通话时间,通话开始时间,呼叫时间,開始時間',
  recording: 'recording,recordingFile,recordingPath,audio,audioFile,录音,录音文件,錄音',
  subject: 'subject,title,主题,标题,主旨,標題',
  description: 'description,desc,描述,问题描述,工单内容,問題描述',
  reply: 'reply,answer,response,resolution,回复,答复,处理结果,解决方案,回覆',
  file: 'file,filename,fileName,文件,文件名,录音文件名,檔案',
  channelRoles: 'channelRoles,声道角色',
  agentChannel: 'agentChannel,坐席声道,客服声道',
  turns:
    'turns,messages,segments,comments,replies,utterances,transcript,dialogue,dialog,log,history,thread,conversations,消息,对话,评论',
} as const;

const messageAliases = {
  speaker:
    'speaker,role,sender,senderType,senderRole,from,author,authorId,senderId,authorType,authorRole,who,party,direction,角色,发送方,发送者,发送人,说话人,发言人,消息来源,發送者,說話人',
  author: 'authorName,senderName,fromName,displayName,nickname,name,姓名,昵称,名称',
  text: 'text,content,body,plainBody,message,msg,utterance,comment,sentence,内容,消息,消息内容,文本,正文,留言,內容,訊息',
  time: 'time,timestamp,ts,date,datetime,createdAt,created,sentAt,sendTime,createTime,messageTime,msgTime,时间,发送时间,消息时间,日期,时间戳,创建时间,時間,發送時間',
  startMs: 'startMs,offsetMs,beginMs,开始毫秒',
  endMs: 'endMs,结束毫秒',
  startS: 'startS,startSeconds,startSec,begin,offset,offsetSeconds',
  endS: 'endS,end,endSeconds,endSec',
  visibility:
    'visibility,public,isPublic,private,isPrivate,internal,isInternal,internalNote,可见性,内部,是否内部,内部备注',
  auto: 'auto,automatic,isAuto,autoReply,isAutoReply,自动回复',
} as const;

/** Ticket fields that rules look at: whatever the export calls them, they become these attributes. */
const attributeAliases = {
  category: 'category,ticketType,issueType,分类,类别,问题类型,问题分类,工单类型,分類',
  priority: 'priority,urgency,优先级,紧急程度,優先級',
  status: 'status,state,ticketStatus,状态,工单状态,狀態',
  orderNumber: 'orderNumber,orderNo,orderId,order,订单号,订单编号,訂單號',
} as const;

export type SessionField = keyof typeof sessionAliases;
export type MessageField = keyof typeof messageAliases;

/** `Session_ID（号）` → `sessionid号`. */
export function foldKey(key: string): string {
  return key
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-.()[\]【】:：*#"']/g, '');
}

function index<T extends string>(aliases: Record<T, string>): Map<string, T> {
  const map = new Map<string, T>();
  for (const [field, names] of Object.entries(aliases) as [T, string][])
    for (const name of names.split(',')) map.set(foldKey(name), field);
  return map;
}

const sessionIndex = index(sessionAliases);
const messageIndex = index(messageAliases);
const attributeIndex = index(attributeAliases);

/** The session field that a key names; the caller's own mapping goes first. */
export function sessionField(key: string, own: Readonly<Record<string, string>> = {}): SessionField | null {
  const mapped = own[key];
  if (mapped !== undefined) return mapped in sessionAliases ? (mapped as SessionField) : null;
  return sessionIndex.get(foldKey(key)) ?? null;
}

/** The message field that a key names; the caller's own mapping goes first. */
export function messageField(key: string, own: Readonly<Record<string, string>> = {}): MessageField | null {
  const mapped = own[key];
  if (mapped !== undefined) return mapped in messageAliases ? (mapped as MessageField) : null;
  return messageIndex.get(foldKey(key)) ?? null;
}

/** The name under which an attribute is kept: one of the four ticket fields, else the key as the source wrote it. */
export function attributeName(key: string, own: Readonly<Record<string, string>> = {}): string {
  const mapped = own[key];
  if (mapped !== undefined && mapped in attributeAliases) return mapped;
  return attributeIndex.get(foldKey(key)) ?? key;
}

/** True for a name that `columns` may map to. */
export function isField(name: string): boolean {
  return name in sessionAliases || name in messageAliases || name in attributeAliases;
}

/** A person or thing named by a scalar or by an object with id, e-mail or name; null when it names nobody. */
export function nameOf(value: unknown): string | null {
  if (typeof value === 'string') return value.trim() === '' ? null : value.trim();
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const record = value as Record<string, unknown>;
  for (const key of ['id', 'agentId', 'userId', 'email', 'address', 'name', 'displayName']) {
    const named = typeof record[key] === 'object' ? null : nameOf(record[key]);
    if (named !== null) return named;
  }
  return null;
}

/** An id as text; null when it is neither text nor a number. */
export function idOf(value: unknown): string | null {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
}

const languageNames: Record<string, string> = {
  chinese: 'zh',
  mandarin: 'zh',
  中文: 'zh',
  汉语: 'zh',
  普通话: 'zh',
  国语: 'zh',
  english: 'en',
  英语: 'en',
  英文: 'en',
};

/** `ZH_cn`, `中文`, `English` → a language tag; null when it is none. */
export function languageTag(value: string): string | null {
  const trimmed = value.trim();
  const named = languageNames[trimmed.toLowerCase()];
  if (named) return named;
  const match = /^([A-Za-z]{2,3})((?:[-_][A-Za-z0-9]+)*)$/.exec(trimmed);
  return match ? match[1]!.toLowerCase() + match[2]! : null;
}
