"""The things that findings are about, and the words that offices use for them.

A finding names its object in its own words: a board is 明白墙 here and 公示栏 there. Each code stands for one thing; of
the words the longest that fits is taken, so that 鱼塘承包合同 is the pond's contract and not any contract. `RANK` says
which of several things is meant: the asset before the contract on it, the contract before the paper. `factory.oil` is one
kind of `factory`: the two don't differ, but two kinds do.
"""

from enum import IntEnum

# What is named beside a finding's object and seldom is it: it says little when it agrees and little when it differs.
MINOR = ("duty", "people", "paper")
# Of people only the sameness says little: another official is another matter.
MINOR_IF_OTHER = ("duty", "paper")


class Rank(IntEnum):
    """The lower, the closer to what the finding is about."""

    ASSET = 1
    WORKS = 2
    BENEFIT = 3
    BOARD = 4
    DUTY = 5
    MONEY = 6
    PEOPLE = 7
    PAPER = 8


THINGS: dict[Rank, dict[str, str]] = {
    Rank.ASSET: {
        "pond": "藕池 莲藕 藕田 养殖水面 堰坑 大坑 鱼塘 坑塘 池塘 水塘 藕塘 荷塘 水面 塘口 养鱼 堰塘 鱼池 大塘 塘坑 荷花塘 塘租 塘费 号塘 口塘 塘泥 塘埂 鱼坑 养鱼塘 蓄水塘 塘子 养鱼的",
        "orchard": "果树 果园 采摘园 果林",
        "orchard.peach": "桃园 桃树 桃林",
        "orchard.pear": "梨园 梨地 梨树 梨林",
        "orchard.apple": "苹果园 苹果树",
        "orchard.grape": "葡萄园",
        "orchard.walnut": "核桃园",
        "orchard.jujube": "枣园",
        "woodland": "林子 树林 山林 后山林 苗木基地 林子 片林 林木 林地 林场 杨树 树木 杨树林 林权 伐树 卖树 树款 林木 苗圃 速生林",
        "reserve-land": "机动地 机动田 预留地 预留田",
        "wasteland": "荒地 荒坡 荒山 四荒地 荒滩 河滩地 滩地 河滩 沙荒地 荒沟 四荒 岗坡地 坡地 岗地",
        "farmland": "耕地 承包地 责任田 集体地 集体土地 流转地 土地流转 流转土地 大田 农田 连片地 公田",
        "homestead": "宅院 老宅 宅基地 空闲宅基",
        "shop-front": "门面房 门面 商铺 门市房 门市 沿街房 临街房 铺面 临街铺",
        "factory": "作坊 加工点 厂区 厂院 厂房 旧厂 扶贫车间 加工厂 车间 老厂 帮扶车间",
        "factory.noodle": "粉条厂 粉条 粉坊",
        "factory.flour": "面粉厂 面粉",
        "factory.oil": "油坊 榨油坊 榨油厂",
        "factory.brick": "砖厂 窑厂 砖瓦厂 老窑 窑场 窑地",
        "factory.timber": "木材厂 板材厂",
        "factory.stone": "石材厂",
        "factory.clothes": "服装厂 服装加工 制衣",
        "factory.tofu": "豆腐坊 豆制品",
        "store-room": "仓房 粮站 老粮站 粮所 仓库 粮库 仓储 冷库 冷藏库 保鲜库 库房 粮仓 气调库",
        "greenhouse": "大棚 温室 蔬菜棚 暖棚 菜棚 菜棚子",
        "stable": "养殖棚 养殖场 养殖小区",
        "stable.chicken": "养鸡棚 鸡棚 养鸡场 鸡场 鸡舍",
        "stable.pig": "养猪棚 猪圈 养猪场 猪场 猪舍",
        "stable.sheep": "羊圈 羊舍 养羊场 养羊",
        "stable.cattle": "牛棚 牛场 养牛场 养牛",
        "old-school": "小学院子 学校院子 老校院 旧学堂 旧校舍 老校舍 老学校 旧学校 小学旧址 原小学 闲置校舍 老小学 校舍 学校旧址 废弃学校 旧小学",
        "pit": "堆沙 沙石场地 沙堆场 砂石场地 石料场 堆场 料场 砂场 采砂点 沙石场 砂石料场 堆料 取土坑 砂石场 沙场 采砂 取土场 砂场 采石场 挖沙 沙石 采沙",
        "solar": "光伏板 光伏屋顶 屋顶租赁 光伏 光伏电站 发电站 太阳能板 电站 并网 卖电 发电收入",
        "machine": "农具 农机 机具",
        "machine.tiller": "旋耕 旋耕机 旋耕的",
        "machine.pump": "水泵 抽水机 潜水泵",
        "machine.harvester": "收割机 联合收割机",
        "machine.seeder": "播种机",
        "machine.generator": "发电机",
        "machine.dryer": "烘干机 烘干塔 烘干设备",
        "machine.drone": "无人机 植保机",
        "machine.thresher": "打谷机 脱粒机",
        "machine.tractor": "拖拉机",
        "machine.baler": "打捆机",
        "sewing": "缝纫机 缝衣裳 缝纫设备 缝纫",
        "aircon": "空调",
        "printer": "复印机 打印机",
        "transformer": "变压器 变电 台区",
        "drying-ground": "晒场 打谷场 晾晒场 晒粮场",
        "supply-store": "供销社 代销点 小超市承包",
        "tower": "机站 信号站 铁塔 通信塔 基站 信号塔",
        "billboard": "广告牌",
        "car": "村车 保洁车 车辆",
        "car.refuse": "清运车 垃圾清运车 垃圾车",
        "car.water": "洒水车 洒水的车",
        "car.sweeper": "扫路车 扫街车 清扫车 扫街道的车",
        "car.office": "公车 公务车 面包车",
        "car.tricycle": "三轮车 电动车",
        "weighbridge": "过磅 称重 磅秤 看磅 地磅 磅房",
        "hall": "礼堂 大礼堂 老礼堂",
        "furniture": "课桌 桌椅 桌凳 板凳 桌子 椅子 档案柜 文件柜",
        "training-ground": "驾校 训练场",
        "grain-yard": "收储点 收粮点 收粮 粮食收储",
        "mill": "磨坊 磨房 碾坊",
        "tea": "茶园 茶山 茶场",
        "herb": "药材基地 中药材",
        "mushroom": "香菇棚 菌棚 蘑菇棚 食用菌",
        "homestay": "民宿 农家乐",
        "parking": "停车 停车的场子 停车场 停车位",
        "market": "菜市场 摊点 赶集 集场 集贸市场 农贸市场 集市 摊位 会场地 地摊 逢集 大集 集上 摊位费",
        "cemetery": "公墓 墓地 坟地 骨灰堂",
    },
    Rank.WORKS: {
        "road": "生产道 水泥道 村路 坑洼 罩面 道路 水泥路 硬化路 修路 村道 生产路 田间路 机耕路 路面 路基 通组路 主干道 柏油路 环村路 巷道 胡同 户户通 便道 硬化 铺路 入户路 断头路  出村路 大路 主路 生产道路",
        "bridge": "桥梁 小桥 修桥 石桥 平板桥 生产桥 板桥 便桥 桥",
        "well": "机井 水井 灌溉井 打井 大口井 抗旱井 农用井 井房 提灌 井泵 浇地井 浇水井 灌溉机井 号井 口井 眼井 那井 老井 井台 井管",
        "street-lamp": "路灯 太阳能灯 亮化 灯杆 太阳能路灯 照明灯",
        "ditch": "水沟 暗沟 沟道 排灌沟 沟渠清淤 水渠 沟渠 排水沟 灌渠 渠道 排水渠 边沟 斗渠 清淤 明沟 支渠 引水渠 毛渠 排涝沟 灌溉渠 灌溉沟 渠沟 干渠 排碱沟",
        "sewer": "下水井 井盖 窨井 窨井盖 雨水井 污水管网 下水道 排污管 污水处理 雨污 管网 污水 化粪池 污水站 排污沟 污水沟 排污水沟",
        "water-supply": "净水 饮水站 滤芯 供水站 水站 自来水 饮水 供水 水厂 水塔 安全饮水 吃水 水管 看泵 自来水管网 供水管网 自来水管",
        "square": "老场院 场院 体育器材 健身路径 球场 小广场 文化广场 广场 健身器材 健身场 篮球场 活动广场 戏台 舞台 健身广场",
        "toilet": "厕所 公厕 改厕 旱厕 户厕 卫生厕所 蹲位",
        "clinic": "医务室 村医 卫生室 卫生所 诊所",
        "office-building": "议事厅 便民大厅 服务站 便民服务站 村室 办公楼 村部改造 村部装修 党群服务中心建设 村部新建 村部维修 村室修缮 办公用房 村委楼 村部建设",
        "library": "农家书屋 图书室 书屋",
        "nursing-home": "活动室 老年房 敬老 颐养 幸福院 养老院 敬老院 老年食堂 日间照料 活动中心 老年活动中心 长者食堂 幸福食堂",
        "kindergarten": "幼儿园 托儿所",
        "refuse": "池子 垃圾围 收集点 垃圾台 垃圾堆放点 果皮箱 垃圾池 垃圾站 垃圾中转站 垃圾桶 垃圾房 垃圾箱 垃圾屋 垃圾点",
        "greening": "行道树 树苗 补植 绿化 绿化带 植树 花坛 栽树 小游园 游园 苗木",
        "culvert": "涵洞 涵管 闸门 泵站 电灌站 抽水站 提灌站 排灌站 泵房 排灌泵房 涵闸 修闸 水闸 闸口",
        "dam": "护砌 护岸 河道 河堤 河岸 河坡 水坝 堤坝 拦河坝 塘坝 护坡 水库 护堤 挡墙 打坝 大坝 坝体",
        "wall-building": "围墙 院墙 墙绘 文化墙 彩绘 外墙 粉刷",
        "danger-house": "危房改造 危房 危改 危房款",
        "shed": "搭棚 违搭 棚子 乱搭 违建 私搭",
        "landfill": "填埋坑 垃圾坑",
        "biogas": "沼气池 沼气",
        "cistern": "蓄水池 水窖",
        "fence": "铁丝网 围栏 护栏",
        "memorial": "牌坊 祠堂 村史馆 文化礼堂 村标",
        "camera": "监控 摄像头 雪亮工程",
        "high-standard": "高标准农田",
        "demolition": "拆迁 拆除 拆违 拆旧",
        "heating": "取暖 烤火 煤炭补贴 清洁煤 煤改气 煤改电 清洁取暖 天然气",
        "network": "宽带 网络 广播 大喇叭",
    },
    Rank.BENEFIT: {
        "subsistence": "低保 最低生活保障 低保户 低保金",
        "illness": "大病救助 大病 得大病 重病 住院",
        "destitute": "五保 特困 特困供养 五保户",
        "grain-subsidy": "粮食补贴 地力补贴 粮补 种粮补贴 地力保护 耕地补贴 耕地地力 种地补贴 直补 粮食直补 种粮 种麦 小麦补贴 种粮那笔",
        "machine-subsidy": "农机补贴 购机补贴",
        "disability": "残疾补贴 残疾人 残补 两项补贴 护理补贴 残疾证 残疾户 惠残",
        "relief": "温暖过冬 物资发放 救助 困难补助 慰问米面 临时救助 救灾款 救灾 救助金 慰问品 慰问金 救济 困难救助 救灾物资 冬春救助 慰问",
        "public-post": "保洁岗 保洁岗位 保洁 保洁队伍 公益岗 公益性岗位 保洁员工资 护林员 公益岗位 保洁员",
        "pension": "养老保险 养老金 高龄补贴 高龄津贴 养老补贴 老龄补贴 老年补贴 高龄 八十岁以上 老人领钱 高龄老人 老人家的钱 高龄补助 八十岁往上",
        "forest-subsidy": "退耕还林 生态补偿 公益林 退耕",
        "land-compensation": "征地 征地款 征地补偿 占地补偿 补偿款 青苗费 土地补偿 地上附着物 占地款",
        "poverty": "扶贫 到户增收 产业扶持 产业扶贫 小额信贷 雨露计划 脱贫户 帮扶 分红 到户产业",
        "toilet-subsidy": "改厕补贴 厕改补贴 户厕奖补 厕所补贴 改厕补助",
        "house-subsidy": "危改补助 危房改造补贴 危房补助 危改资金 危房改造补助",
        "health-insurance": "合作医疗 医保 新农合 医疗救助",
        "child": "孤儿 留守儿童 助学 教育补助 教育资助 奖学 困境儿童 孤儿补助 孤儿钱 娃娃",
        "veteran": "退役军人 优抚 军属 老党员",
        "breeding-subsidy": "养殖补贴 能繁母猪 母猪补贴",
        "straw": "秸秆 打捆还田",
        "seed": "良种补贴 种子 化肥补贴 农资",
        "family-planning": "奖励扶助 计生家庭 计生奖扶 奖扶 独生子女 计生",
        "electric": "电费补贴 电价",
        "subsidy": "惠农补贴 惠农资金 补贴 补助 一卡通",
    },
    Rank.BOARD: {
        "board": "宣传窗口 宣传窗 那块板子 板子 公开窗 告示板 公示的墙 块墙 满墙 墙上贴 明白墙 公开栏 公示栏 公示墙 公开墙 宣传栏 村务栏 阳光墙 公告栏 公示牌 公开板 展板 橱窗 政务栏  块栏 栏里 个栏 的栏 组栏 那栏 块牌 名白墙 面墙 头栏 公示拦 明白栏 明白牌 块板 板报栏 宣传橱 板报 公开板子 那块橱窗"
        "信息栏 阅报栏 监督栏 公示板 墙体 张贴栏 公开的墙 那面墙 宣传墙 宣传板 公布栏 公开牌 党务栏 财务栏 公示窗 "
        "墙报 告示栏 公开橱窗 玻璃橱窗 黑板报 展示栏 一面墙 墙面",
        "e-board": "led 公开屏 电子显示屏 滚动屏 触摸查询 查询机 电子屏 显示屏 公众号 二维码 微信群 小程序 触摸屏 三资平台 公开平台 大屏",
        "card": "卡片 惠民卡 政策卡 明白卡 监督卡 联系卡 便民卡 明白纸 告知卡",
    },
    Rank.PEOPLE: {
        "secretary": "村支书 党支部书记 村书记 支部书记 支书 总支书记",
        "director": "村主任 村委会主任 村委主任",
        "accountant": "村会计 会计 报账员 出纳 记账员",
        "clerk": "文书 村文书 信息员",
        "deputy": "副主任 副书记 副支书",
        "committee-head": "监委会主任 村监委主任 监委主任 监督委员会主任",
        "committee-member": "监委会成员 村监委成员 监委会委员 监委委员 监委成员 监督委员 委员",
        "group-leader": "组长 队长 小组长 村民小组长 生产队长 小队长",
        "electrician": "村电工 电工 水管员 放水员 管水员 抽水工",
        "stationed": "第一书记 驻村 包村干部",
    },
    Rank.DUTY: {
        "duty-roster": "值班 坐班 值守 轮值 值班表 轮班 值班室 值班簿 值班簿册 排班 阳光日 坐搬 轮流值班 值班日",
        "monthly-meeting": "例会 月会 碰头会 工作会",
        "training": "培训 学习班 轮训 业务学习 参训",
        "monthly-report": "月报 双月报 季报 信息上报 报送 工作信息 报表 双月报表",
        "accounts-publication": "财务表 收支公开表 财务公开表 开支 支出公示 收入支出 财务公开 收支公开 收支公示 收支明细 财务收支 收支情况 收支表 财务公示 收支账目 收支 账目 季度账 月账 度账 收支贴 村账 流水账 花销公布表 花销",
        "works-publication": "工程公开 项目公开 工程公示",
        "party-publication": "党务公开 党费收缴",
        "inspection": "巡查 监督记录 巡查记录 履职记录 旁站记录 施工日志",
        "villagers-assembly": "民主评议 评议会 述职 村民代表会议 村民大会 代表大会 村民代表会 代表会议 代表会 村民代表 代表们 代表投票 代表会上",
        "party-meeting": "党员大会 支委会 两委会 党员会 支部会 两委联席 两委会议",
        "village-rules": "村规民约 红白理事会 红白事 彩礼 移风易俗 大操大办 丧事 酒席 赌博 理事会 嫁闺女 娶媳妇 三周年 过寿 摆席 随礼 浆水",
        "rubbish": "玉米秸 秸秆 树枝 柴火 柴垛 秸子 砖头瓦块 废膜 农膜 白色污染 污物 泔水 草堆 沙堆 木料 垃圾 柴草 粪堆 杂物 秸秆堆 乱堆 堆放 卫生死角 建筑垃圾 粪污 污水横流 碎砖 煤灰 烂菜 菜叶 塑料袋 白色袋子 生活垃圾 苞谷杆子 玉米秆 破家具",
        "black-water": "黑臭水体 臭水沟 臭水坑",
        "system": "制度 规章 议事规则 职责上墙 工作制度 管理制度",
        "system.vouchers": "票据审核制度 审票制度 审票 审核制度",
        "system.works": "工程监督制度",
        "system.meetings": "例会制度 会议制度",
        "system.roster": "值班制度 坐班制度",
        "system.avoidance": "回避制度 避嫌 亲属避嫌",
    },
    Rank.MONEY: {
        "seal": "介绍信 空白证明 盖的章 戳子 用印存根 公章登记 公章 印章 财务章 监委会章 村委会公章 合作社公章 党支部章 用章 用印 印鉴 章子 大印 图章 用印本",
        "rent": "租金 承包费 承包款 租赁费 租地款 地租 场地费 房租 租子 承包金",
        "scrap": "废旧物资 废铁 废旧 旧物资 废品 旧电线 废电线 旧砖瓦 旧砖",
        "temporary-labour": "务工费 杂工 零工 用工 工时费 劳务费 人工费 误工补贴 误工费 误工 零工费 工钱 临时工",
        "hospitality": "接待支出 接待 饭费 陪餐 招待费 接待费 餐费 吃喝 烟酒 伙食费 宴请 饭店 聚餐 招待 饭钱 酒水 饭局 生活费 馆子 酒菜 吃席 签单 农家乐吃 酒钱 肉菜",
        "office-supplies": "打印纸 硒鼓 墨盒 打印 办公用品 打印费 耗材 复印费 文具 电脑 办公耗材 办公费 纸张",
        "coal": "买煤 拉煤 煤炭 煤款",
        "rubbish-fee": "清运费 清运收费 垃圾清运收费 垃圾费",
        "flowers": "花木 花草 盆栽",
        "fuel": "油料 油费 加油 汽油 柴油 燃油",
        "travel": "租车 包车 差旅费 租车费 交通费 车费 出差",
        "water-fee": "水价 自来水费 水费 浇地水费 吃水钱 抄表",
        "electricity-fee": "电费 电钱",
        "donation": "捐款 赞助 捐赠 募捐 爱心款 乡贤",
        "loan": "借款 欠款 债务 贷款 外欠 债权 欠条 老账 旧账 陈年账 旧债 陈账",
        "bank-account": "代管账户 专户 账号 收款账户 账户 银行账户 对公账户 存款 银行卡 存折 个人账户 微信收款 收款码 个人卡 微信收",
        "cash": "库存现金 备用金 现金 白条抵库",
        "wages": "误工 补贴工资 绩效工资 奖金 工资 报酬 补助工资 绩效",
        "repair-fee": "维修费 修理费 修缮费 检修费",
        "subscription": "报刊 订报 书报费",
        "gift": "礼金 红包 礼品 好处费 土特产 购物卡",
        "festival": "演出 唱戏 戏班 文艺演出 春节活动 广场舞 比赛 重阳",
        "epidemic": "防疫 口罩 消毒",
        "party-dues": "党费",
        "flood-goods": "防汛 沙袋 编织袋 抗旱 水带 抢险",
        "pest-control": "灭蝇 农药 药品 灭鼠 除草剂",
        "mill-rent": "碾米 轧米 磨面",
        "levy": "一事一议 筹资 集资 筹资筹劳 卫生费 管理费 罚款",
        "machine-fee": "机械费 挖机 挖掘机 铲车 吊车 租机械 钩机",
    },
    Rank.PAPER: {
        "minutes": "会议簿 记录册 会议台账 会议记录 会议纪要 记录本 记录簿 会议本 议事记录 会议记录本 议事簿 纪要",
        "voucher": "报销 单子 手写条 手写条子 条子 记账凭证 票 凭证 原始凭证 票据 白条 收据 发票 收条 单据 报销单 领条 烟盒纸 本子纸",
        "ledger": "台账 登记簿 登记册 总账 明细账 日记账 清册 台帐",
        "ledger.assets": "资产台账 固定资产台账 三资台账 资源台账 资产册 固定资产册",
        "ledger.issues": "问题台账 问题整改台账 整改台账 整改登记册 问题清单",
        "ledger.money": "资金台账 资金监督台账 资金监督登记簿",
        "ledger.works": "工程台账 工程监督台账 项目台账",
        "ledger.subsistence": "低保台账",
        "ledger.contracts": "合同台账 合同册",
        "ledger.supervision": "监督台账 监督本",
        "contract": "合同 协议 承包合同 租赁合同 承包协议 租约",
        "signing-sheet": "签字表 审核表 会签表 审批单 核查表 签字页 签字栏",
        "name-list": "名单 花名册 公示名单",
        "archive": "旧账簿 旧账册 旧凭证 会计档案 档案 资料 账簿 账本 账册 老档案",
        "plan": "工作计划 方案 实施方案",
    },
}
# The things of which several kinds are told apart.
KINDS = sorted(
    {
        f"{rank.name.lower()}/{code.partition('.')[0]}"
        for rank, things in THINGS.items()
        for code in things
        if "." in code
    }
)

# The things that an aspect is about: which of several things is meant.
ABOUT: dict[str, tuple[str, ...]] = {
    "openness": ("board", "e-board", "card", "accounts-publication"),
    "records": ("signing-sheet", "ledger", "monthly-report", "voucher"),
    "committee": ("duty-roster", "monthly-meeting", "training", "committee-head", "committee-member", "system"),
    "conduct": ("seal", "hospitality", "gift", "duty-roster"),
    "environment": ("rubbish", "refuse", "black-water", "village-rules"),
    "handover": ("seal", "archive", "loan"),
}
