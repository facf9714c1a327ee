"""What is wrong, as the words say it: the catalogue item that a finding speaks of, whatever category it was filed under.

Codes are those of the default catalogue (`casework/defaults/aspects.py`). A sign counts by its length, and by whether
the finding speaks of a thing that the item is about.
"""

SIGNS: dict[str, str] = {
    "decision-step-skipped": "四议两公开 未经村民代表 没有开会 程序 未召开 个人决定 未经表决 没开会 没经过会议 书记一人 "
    "未上会 没上会 拍板 说了算 商议就 未表决",
    "decision-no-quorum": "人数不足 到会人数 不够人数 不到半数 三分之二 未过半 到会 实到 没到齐 不足法定 签到",
    "decision-no-minutes": "无会议记录 没有会议记录 没有记录 记录缺失 无记录 未记录 没记录 找不到记录 空白记录 记录本上查不到 没留记录 "
    "未做记录 没做记录 拿不出记录 缺会议记录 没有原始记录",
    "decision-backdated": "倒签 补造 后补 事后补 补写 笔迹一致 同一笔迹 补记 后来补 编造 日期早于 一次性补 集中补",
    "decision-not-published": "结果未公开 决议未公示 决议没公示 表决结果 决议结果 没有公布结果 决议未张贴 决议没贴",
    "openness-late": "未更新 没更新 不及时 停留在 仍是上 还是上 过期内容 旧内容 未公开 没公开 没有公开 迟迟 滞后 尚未公布 没换 没有换 未按时 没贴出 未张贴 "
    "逾期公开 未按月 还挂着 没动过 没有更新 还是去年 老内容 未公布 没公布 没出 没上墙 未上墙 拖了",
    "openness-incomplete": "不全 不完整 只公开 只写 没有明细 未列 只有总数 合计数 笼统 漏公开 少公开 没有逐笔 缺项 大项 不详 没写明细 只列 没列 只贴 "
    "只报总 没细项 不细 看不出",
    "openness-false": "不真实 不一致 不符 对不上 虚假公开 假的 与账面 两个数 不是一个数 出入",
    "openness-badly-placed": "位置不当 位置偏 偏僻 背街 遮挡 挡住 角落 看不到 没人经过 隐蔽 够不着 太高 很少有人 屋后 后院 少有人 院内深处 进不去 不显眼 背面",
    "openness-not-weatherproof": "淋 雨棚 防雨 遮雨 雨水 漏雨 褪色 模糊 字迹 泡烂 刮掉 脱落 玻璃破 破损 发霉 晒 风吹 雨打 打湿 湿透 糊 掉色 看不清 "
    "挡雨 遮挡设施 掉下来 卷边 没罩 进水 受潮",
    "openness-idle": "闲置 空白 空着 没有内容 没贴 无内容 空空 弃用 没用过 荒废 空置 空板 没张贴 一张纸没有 啥也没有 什么都没有 摆设 没启用 广告 光秃 "
    "一片空 无任何 挂衣 晾",
    "openness-cards": "未发放 未发到 没发到 没收到明白卡 未入户 没入户 未发到户 没发 压在 堆在 没见过 没拿到",
    "finance-off-the-books": "未入账 没入账 账外 小金库 没上账 未上账 未上交 私存 体外循环 没有进账 没进账 不入账 没记账 个人保管 揣 没交账 未缴存 装在",
    "finance-unofficial-vouchers": "白条 收据入账 收条 手写 自制 无发票 没有发票 非正式 不合规票据 便条 领条 无正式 没发票 没票 未取得发票 手写条 纸条",
    "finance-receipts-spent": "坐支 坐收 直接支出 直接用于 直接付 抵支 未缴存 没交存 收了就花 抵顶 抵扣 抵了 收现金后直接 边收边 没存银行",
    "finance-no-review": "未经审核 没有审核 未审核 未经监委会审核 未经村监委审核 没审 无审核章 未签审核 没过监委 没经监委会 没有监委会 无审核",
    "assets-unregistered": "未登记 没登记 漏登 不在册 没有登记 未入册 没上台账 未录入 台账上没有 台账里没有 账上没有 没录入 无登记 查不到 未纳入 账外资产",
    "assets-underpriced": "低价 低于市场 过低 偏低 便宜 远低于 低于 白菜价 比周边 才收 市价",
    "assets-no-bidding": "未招标 没招标 竞价 私下 直接发包 口头 指定 竞标 竞拍 直接租给 没有招标 未经招标 定给 直接给 内定 直接签 未公开发包",
    "assets-arrears": "拖欠 欠缴 欠交 未收缴 未缴 没交 没收回 收不上 尾欠 未到账 欠付 没收上来 欠着 未收 没缴 一直没给 催缴 应收 未付 还欠",
    "assets-expired": "到期 过期 期满 超期 逾期 续签 届满 合同早 占用 满了",
    "assets-not-published": "未公开 没公开 未公示 没公示 不公开 没公布 没告诉 群众不知",
    "works-undecided": "未经民主 未经决策 没有表决 未议 未经四议 擅自 没开会 未经讨论 没过会 未走",
    "works-split": "拆分 化整为零 分成 规避招标 拆成 分两次 分段 分几",
    "works-unsupervised": "无人监督 无监督 没人监督 没有监督 监督缺失 旁站 施工监督 监督员 质量监督 没人看 无现场监督 没人盯 没有人监 监督记录空白 未监督 无人看管",
    "works-overrun": "超预算 超支 超概算 超出预算 超出 追加 增加费用 多花 超了 决算",
    "works-sham-acceptance": "虚假验收 验收 走过场 未实测 验收单 未到现场 验收报告 验收表",
    "welfare-kin-favoured": "优亲厚友 亲属 亲戚 弟弟 儿子 哥哥 侄 妻子 岳 堂弟 近亲 父亲 母亲 关系户 女婿 嫂 舅",
    "welfare-list-not-posted": "名单未公示 没公示 未公示 未张贴 名单没 未公布 没贴名单 没有公示 没张榜 未张榜 未公开 不公示",
    "welfare-wrong-amount": "少发 多发 标准不符 金额错 算错 发错 金额不符 多领 面积不符 少给 错发 不对数 少了 多算 面积错",
    "welfare-delay": "未发放 没发 拖延 滞留 迟发 没到账 不及时 未到位 压着 未兑付 没兑现 没发下去 至今没 没给 拖着 没拿到",
    "welfare-false-claim": "冒领 虚报 死亡 套取 已故 去世 不符合条件 空挂 多报 假 冒名 吃空饷",
    "conduct-feasting": "吃喝 聚餐 宴请 公款 招待 饭店 喝酒 摆席 大吃 酒局 伙食 饭费 餐",
    "conduct-favours": "吃拿卡要 收受 烟酒 红包 礼品 索要 好处费 刁难 收钱 收了两条 拿了 土特产 要钱 办事",
    "conduct-seal": "公章 印章 用章 盖章登记 空白盖章 印鉴 随意盖 用印 章子",
    "conduct-absence": "无人 没有人 无人值守 空无一人 关门 空岗 脱岗 不在岗 锁门 离岗 人不在 大门紧锁 没人 上锁 关门 缺岗 擅离 不见人",
    "environment-rules": "村规民约 大操大办 红白事 彩礼 移风易俗 赌博 超标准 酒席",
    "environment-sanitation": "垃圾 污水 柴草 杂物 脏 粪 臭 卫生 乱堆 苍蝇 淤泥 黑水 建筑垃圾 散落 满溢 乱倒 堆积",
    "committee-membership": "监委会成员 回避 不得任 兼任 近亲属 不合规 资格 不符合任职",
    "committee-no-system": "制度 未上墙 没有建立 未建立 不健全 没制定 未制定 无制度",
    "committee-training": "培训 未参训 没参加 未培训 参训率 没受训 轮训",
    "committee-duty-missed": "值班 例会 未召开例会 缺席 没开例会 未值班 没有值班 缺勤 轮值 没来",
    "records-late": "迟报 晚报 超时 逾期上报 晚了 过了截止 拖到 逾期报送 晚交",
    "records-missing": "漏报 未上报 没报 未报 没交 未报送 没有报",
    "records-empty": "空报 言之无物 没有数字 内容空洞 无数据 套话 空话 没写具体",
    "records-duplicate": "重复上报 照抄 雷同 复制 一字不差 重复 原样 照搬",
    "records-stamp-only": "只盖章 没签字 未签字 无签字 未签名 没签名 无签名 代签 未签 有章无 光盖章 没有签名 没有签字 只见章 缺签名 签名处空 没人签 有印无签 没署名",
    "records-ledger-faults": "台账 登记错 记错 涂改 未填 漏填 账目不清 台账不全 缺页 没填 填写不 漏记 错行",
    "handover-withheld": "未移交 拒不 不交 没交出 扣着 没移交 不肯交 没有交出 拖着不 攥着 还在前任",
    "handover-unsigned": "交接未签 没有交接 移交清单 未签交接 没签字交接 手续不全 交接表 移交表 没有签 监交",
    "handover-old-case": "旧账 老账 前任 上届 不认 前届 遗留 不管 推给 老班子 不理",
    "quality-superficial": "走过场 表面 应付 整改不 一刮 一阵风 敷衍 糊弄",
    "quality-false-strike-off": "虚假 假整改 未整改就 未整改却 摆拍 并未 没整改",
    "quality-relapse": "反弹 又出现 边改边犯 再次出现 死灰复燃",
    "quality-refusal": "拒不整改 拒绝 不配合 顶着不",
}

# Whose object is the village's own and the only one of its kind, so that it is seldom named: the office that stands
# empty, the committee without rules. The recurring duties of the catalogue are such by themselves.
STANDING = (
    "conduct-absence",
    "conduct-seal",
    "committee-no-system",
    "committee-membership",
    "decision-no-minutes",
    "decision-backdated",
    "finance-no-review",
    "handover-withheld",
    "quality-refusal",
    "quality-superficial",
)

# The things that an aspect is about: which of several things is meant, and which item a sign stands for.
ABOUT: dict[str, tuple[str, ...]] = {
    "openness": ("board", "e-board", "card", "accounts-publication"),
    "records": ("signing-sheet", "ledger", "monthly-report", "voucher"),
    "committee": ("duty-roster", "monthly-meeting", "training", "committee-head", "committee-member", "system"),
    "conduct": ("seal", "hospitality", "gift", "duty-roster"),
    "environment": ("rubbish", "refuse", "black-water", "village-rules"),
    "handover": ("seal", "archive", "loan"),
}
