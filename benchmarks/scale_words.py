"""The words of the made news: pairs of English and Chinese phrases, each in two wordings, drawn by Zipf's law.

Of no one's text: short lists, and what they combine to (names of syllables, adjectives by nouns, roles by companies).
"""

import random
from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import NamedTuple
from zlib import crc32

_BITS = 16  # a draw chooses among 65,536 places, of which the first phrases have thousands and the last ones one


class Phrase(NamedTuple):
    """The same thing said in English and in Chinese, each in two ways."""

    en: str
    en2: str
    zh: str
    zh2: str


def _read(text: str) -> list[Phrase]:
    """Read lines of "English|Chinese", or of all four fields; a line that ends with | goes on in the next."""
    found = []
    for line in text.strip().replace("|\n", "|").splitlines():
        fields = line.split("|")
        found.append(Phrase(*fields) if len(fields) == 4 else Phrase(fields[0], fields[0], fields[1], fields[1]))
    return found


def _pairs(text: str) -> list[tuple[str, str]]:
    """Read "English Chinese English Chinese ..."."""
    words = text.split()
    return list(zip(words[::2], words[1::2], strict=True))


_STARTS = _pairs(
    "Vel 维尔 Kor 科尔 Mar 马尔 Tal 塔尔 Ber 贝尔 Dor 多尔 Sol 索尔 Hal 哈尔 Fen 芬 Gran 格兰 Lin 林 Ros 罗斯 "
    "Nor 诺尔 Wes 韦斯 Ald 阿尔德 Ost 奥斯特 Bran 布兰 Cas 卡斯 Del 德尔 El 埃尔 Gar 加尔 Har 哈 Kel 凯尔 "
    "Lan 兰 Mon 蒙 Pal 帕尔 Ram 拉姆 Sten 斯滕 Tor 托 Ulm 乌尔姆 Wil 威尔 Zan 赞 Fer 费尔 Hol 霍尔 Jan 扬 "
    "Per 佩尔"
)
_ENDS = _pairs(
    "ko 科 ton 顿 berg 贝格 ra 拉 man 曼 ski 斯基 ley 利 well 韦尔 ford 福德 stein 施泰因 dale 代尔 ova 奥娃 "
    "inger 英格 sen 森 mond 蒙德 vik 维克 ette 埃特 ini 伊尼 ard 阿德 us 乌斯 ex 克斯 tech 泰克 mere 米尔 "
    "lund 伦德 by 比 gate 盖特 wick 威克 ham 汉姆 son 松 mark 马克 field 菲尔德 more 莫尔 ix 伊克斯 ano 阿诺 "
    "elli 埃利 orp 奥普"
)
_GIVEN = _pairs(
    "Linda 琳达 Peter 彼得 Anna 安娜 James 詹姆斯 Maria 玛丽亚 Thomas 托马斯 Helen 海伦 David 戴维 Laura 劳拉 "
    "Frank 弗兰克 Ruth 露丝 Simon 西蒙 Clara 克拉拉 Martin 马丁 Nina 尼娜 Oscar 奥斯卡 Sarah 萨拉 "
    "Victor 维克托 Emma 埃玛 Paul 保罗 Alice 艾丽斯 Daniel 丹尼尔 Eva 伊娃 George 乔治 Irene 艾琳 "
    "Lucas 卢卡斯 Monica 莫妮卡 Robert 罗伯特 Sophie 索菲 Walter 沃尔特"
)
_CITIES = _pairs(
    "Dresden 德累斯顿 London 伦敦 Paris 巴黎 Berlin 柏林 Milan 米兰 Madrid 马德里 Vienna 维也纳 Warsaw 华沙 "
    "Prague 布拉格 Tokyo 东京 Seoul 首尔 Shanghai 上海 Beijing 北京 Shenzhen 深圳 Singapore 新加坡 "
    "Sydney 悉尼 Toronto 多伦多 Chicago 芝加哥 Boston 波士顿 Seattle 西雅图 Mumbai 孟买 Cairo 开罗 "
    "Nairobi 内罗毕 Lisbon 里斯本 Oslo 奥斯陆 Stockholm 斯德哥尔摩"
)
_ROLES = """
chip maker|semiconductor company|芯片制造商|半导体公司
car maker|carmaker|汽车制造商|车企
software company|software firm|软件公司|软件企业
drug maker|pharmaceutical company|制药公司|药企
airline|carrier|航空公司|航企
retailer|retail chain|零售商|零售企业
bank|lender|银行|贷款机构
insurer|insurance company|保险公司|险企
battery maker|battery producer|电池制造商|电池企业
steel maker|steel company|钢铁公司|钢企
shipping company|shipping line|航运公司|船运企业
energy company|utility|能源公司|能源企业
food company|food group|食品公司|食品集团
telecoms company|telecoms operator|电信公司|电信运营商
fashion group|clothing company|时装集团|服装公司
toy maker|toy company|玩具制造商|玩具公司
hotel group|hotel chain|酒店集团|连锁酒店
solar company|solar power company|太阳能公司|光伏企业
building company|builder|建筑公司|建筑商
medical company|health care company|医疗公司|医疗企业
"""
_TITLES = """
chief executive|head|首席执行官|负责人
finance director|chief financial officer|财务总监|财务主管
chairman|chair of the board|董事长|董事会主席
spokesman|spokesperson|发言人|新闻发言人
head of research|research director|研究主管|研究负责人
sales director|head of sales|销售总监|销售主管
founder|creator|创始人|创办人
senior analyst|leading analyst|高级分析师|资深分析员
"""
_ADJECTIVES = """
new|新
old|老旧
large|大型
small|小型
modern|现代化
main|主要
foreign|海外
local|本地
national|全国性
international|国际
industrial|工业
digital|数字
electric|电动
cheap|廉价
expensive|昂贵
public|公共
private|私营
regional|地区
temporary|临时
permanent|永久性
profitable|盈利
unprofitable|亏损
popular|受欢迎的
experimental|试验性
joint|合资
central|中央
northern|北部
southern|南部
eastern|东部
western|西部
underground|地下
automatic|自动
sustainable|可持续
independent|独立
commercial|商业
technical|技术
medical|医用
military|军用
civil|民用
strategic|战略
"""
_NOUNS = """
plant|factory|工厂|厂房
warehouse|depot|仓库|货仓
laboratory|research laboratory|实验室|研究实验室
network|system|网络|系统
power station|power plant|发电站|电厂
railway line|rail line|铁路线|铁路
port|harbour|港口|码头
airport|airfield|机场|航空港
hospital|clinic|医院|诊所
school|college|学校|学院
bridge|crossing|桥梁|大桥
tunnel|passage|隧道|地下通道
pipeline|pipe|管道|输送管道
mine|quarry|矿山|矿场
farm|estate|农场|庄园
store|shop|商店|门店
office|bureau|办公室|办事处
division|unit|部门|事业部
brand|label|品牌|牌子
fleet|group of vehicles|车队|车辆队伍
platform|service|平台|服务平台
database|data store|数据库|资料库
research centre|research institute|研究中心|研究所
training centre|training school|培训中心|培训学校
data centre|server farm|数据中心|机房
assembly line|production line|装配线|生产线
supply chain|chain of suppliers|供应链|供货链
product range|range of products|产品线|产品系列
pension fund|retirement fund|养老基金|退休基金
investment fund|fund|投资基金|基金
headquarters|head office|总部|总公司
shipyard|dockyard|造船厂|船厂
refinery|oil refinery|炼油厂|炼厂
theatre|playhouse|剧院|戏院
museum|gallery|博物馆|展览馆
stadium|arena|体育场|体育馆
hotel|guest house|酒店|宾馆
wind farm|wind park|风电场|风力发电场
reservoir|water store|水库|蓄水池
canal|waterway|运河|水道
magazine|journal|杂志|期刊
television channel|television station|电视频道|电视台
payment service|payment system|支付服务|支付系统
delivery service|courier service|配送服务|快递服务
insurance business|insurance arm|保险业务|保险板块
lending business|loan business|贷款业务|信贷业务
engine|motor|发动机|引擎
satellite|spacecraft|卫星|航天器
vaccine|jab|疫苗|接种剂
battery|cell|电池|蓄电池
sensor|detector|传感器|探测器
robot|machine|机器人|机器
tractor|farm vehicle|拖拉机|农用车
ship|vessel|船舶|轮船
truck|lorry|卡车|货车
train|rail car|列车|火车
"""
_VERBS = """
will expand|is going to enlarge|将扩建|计划扩大
has sold|sold off|已出售|卖掉了
is building|has started to build|正在建设|已开始兴建
plans to close|intends to shut|计划关闭|打算关停
bought|took over|收购了|买下了
has opened|opened|已启用|启用了
will modernize|wants to renew|将升级|打算更新
has moved|relocated|已搬迁|迁移了
is looking for|seeks|正在寻找|物色
presented|showed|展示了|推出了
has suspended|halted|已暂停|停止了
will lease|is to rent|将租用|准备租赁
has repaired|mended|已修复|修好了
tested|tried out|测试了|试用了
is financing|pays for|正在资助|出资支持
has designed|drew up|已设计|设计了
wants to keep|intends to retain|希望保留|有意留住
lost|had to give up|失去了|被迫放弃
will share|is to use jointly|将共享|拟共用
has insured|insured|已投保|投保了
delivered|handed over|交付了|移交了
ordered|placed an order for|订购了|下单采购
is reviewing|examines|正在审查|检视
has approved|agreed to|已批准|同意了
rejected|turned down|否决了|拒绝了
has registered|put on record|已登记|注册了
described|gave details of|介绍了|说明了
is defending|stands by|力挺|坚持保留
has merged|put together|已合并|整合了
will supply|is to provide|将供应|将提供
"""
_REASONS = """
as demand from abroad keeps falling|because foreign orders are weakening|因为海外需求持续下降|原因是国外订单走弱
because energy has become more expensive|since power costs more than before|因为能源变得更贵|由于电力成本上升
after talks with the unions had failed|when negotiations with workers broke down|
此前与工会的谈判破裂|因与工人的协商失败
although many investors had warned against it|despite the doubts of many shareholders|
尽管许多投资者曾提出警告|虽然不少股东持怀疑态度
to win back customers from its rivals|in order to regain lost customers|
以便从竞争对手手中夺回客户|为的是重新赢得流失的顾客
as the rules of the market are changing|because the regulations are being rewritten|
因为市场规则正在改变|由于监管规定正在重写
because the old one no longer meets the rules|since the present one breaks the rules|
因为旧的已不符合规定|原因是现有的违反规定
to depend less on suppliers from overseas|so as to need fewer foreign suppliers|
以减少对海外供应商的依赖|从而降低对国外供货方的需求
while the board is still looking for partners|as directors keep searching for allies|
而董事会仍在寻找合作伙伴|同时董事们还在物色盟友
after years of losses and a change at the top|following long losses and a new management|
此前多年亏损且管理层更迭|在长期亏损和换帅之后
as banks have become more careful with loans|because lenders hesitate to give credit|
因为银行放贷更加谨慎|由于放款机构不愿提供信贷
although the weather had delayed the work|even though storms had slowed the work|尽管天气耽误了工程|虽然风暴拖慢了施工
to prepare for a possible listing|in preparation for going public|为可能的上市做准备|以备公开募股
because skilled workers are hard to find|as there is a lack of trained staff|因为熟练工人难找|由于缺乏受过训练的员工
after the court had ruled in its favour|once judges had taken its side|
此前法院作出了对其有利的裁决|在法官支持其主张之后
as the government promised to help|because ministers offered support|因为政府承诺提供帮助|由于部长们答应给予支持
"""
_SAID = """
and said so in a letter to its staff|as it told its employees in writing|并在致员工的信中这样表示|这是其书面告知雇员的
according to people who know the matter|sources close to the talks said|知情人士透露|接近谈判的消息人士说
the company announced in the evening|it was announced late in the day|该公司晚间宣布|这一消息傍晚公布
local newspapers reported at the weekend|papers of the region wrote|当地报纸周末报道|该地区的报章写道
without giving any further details|and did not say more|但没有透露更多细节|此外未作说明
and analysts were surprised by the step|which few observers had expected|分析人士对此感到意外|很少有观察者料到这一点
and the shares hardly moved|but its stock remained stable|股价几乎没有变动|但股票保持稳定
but the unions want to fight the decision|yet workers have promised to protest|但工会打算抗争到底|然而工人们承诺抗议
"""


def _order(phrases: Iterable[Phrase]) -> list[Phrase]:
    """Put phrases into an order of no meaning, the same with every Python: which are frequent is chance."""
    return sorted(phrases, key=lambda phrase: (crc32(phrase.en.encode()), phrase))


def zipf(phrases: Sequence[Phrase], draw: random.Random, offset: float = 3.0) -> Callable[[], Phrase]:
    """Make a draw of phrases whose frequencies fall with their ranks.

    Args:
        phrases: What to draw from, at most 65,536.
        draw: Where chance comes from.
        offset: Zipf and Mandelbrot's: frequency is proportional to 1 / (rank + offset), ranks from 0.
    """
    weights = [1 / (rank + offset) for rank in range(len(phrases))]
    scale = (1 << _BITS) / sum(weights)
    places: list[Phrase] = []
    reached = 0.0
    for phrase, weight in zip(phrases, weights, strict=True):
        reached += weight * scale
        places.extend([phrase] * (round(reached) - len(places)))
    bits = draw.getrandbits
    return lambda: places[bits(_BITS)]


def _coined() -> list[tuple[str, str]]:
    """Names of no one: 1,260 of two parts, and as many again of three."""
    two = [(a + b, c + d) for (a, c), (b, d) in product(_STARTS, _ENDS)]
    return two + [(en + "ia", zh + "亚") for en, zh in two]


def companies() -> list[Phrase]:
    """Companies with what they are: "chip maker Velko", 芯片制造商维尔科, or by the Latin name in Chinese."""
    roles = _read(_ROLES)
    made = []
    for number, (en, zh) in enumerate(_coined()):
        role = roles[(number * 7 + number // len(roles)) % len(roles)]
        made.append(Phrase(f"{role.en} {en}", f"{role.en2} {en}", role.zh + zh, role.zh2 + en))
    return _order(made)


def people() -> list[Phrase]:
    """People with their titles: "Linda Kelberg, chairman of the board,", 董事长琳达·凯尔贝格."""
    titles = _read(_TITLES)
    made = []
    for number, (en, zh) in enumerate(_coined()[::2]):
        given, heard = _GIVEN[(number * 11 + number // len(_GIVEN)) % len(_GIVEN)]
        title = titles[(number * 3 + number // len(titles)) % len(titles)]
        whole = f"{heard}·{zh}"
        made.append(
            Phrase(f"{given} {en}, its {title.en},", f"its {title.en2} {given} {en}", title.zh + whole, title.zh2 + zh)
        )
    return _order(made)


def places() -> list[Phrase]:
    """Cities that everybody knows, and three times as many small ones that nobody does."""
    small = _coined()[1:][::31]
    return _order(Phrase(f"in {en}", f"at {en}", f"在{zh}", f"于{zh}") for en, zh in _CITIES + small)


def things() -> list[Phrase]:
    """Things with an attribute: "its old warehouse", 其老旧仓库."""
    return _order(
        Phrase(f"its {a.en} {n.en}", f"the {a.en2} {n.en2}", f"其{a.zh}{n.zh}", f"旗下{a.zh2}{n.zh2}")
        for a, n in product(_read(_ADJECTIVES), _read(_NOUNS))
    )


def verbs() -> list[Phrase]:
    """What a company does."""
    return _order(_read(_VERBS))


def reasons() -> list[Phrase]:
    """Why it does it: a clause without a fact that could be checked."""
    return _order(_read(_REASONS))


def endings() -> list[Phrase]:
    """Who says so: a clause to end with."""
    return _order(_read(_SAID))
