package interchange

import "pm/internal/plan"

// foreignPhrases are the words of phrases in other languages, as people and the
// translations of Jira, Backlog and others write them: German, French, Spanish,
// Portuguese, Italian, Dutch, Polish, Russian, Ukrainian, Turkish, Chinese, Japanese
// and Korean.
var foreignPhrases = []phraseList{
	{status: plan.Todo, words: "zu erledigen, zu tun, offen, neu, geplant, ausstehend, nicht begonnen, nicht gestartet, noch nicht begonnen, bereit, eingeplant, nicht erledigt, wieder geöffnet, " +
		"à faire, a faire, à traiter, nouveau, nouvelle, ouvert, ouverte, non commencé, non commencée, pas commencé, pas commencée, prêt, prête, planifié, planifiée, rouvert, rouverte, " +
		"por hacer, pendiente, pendientes, nuevo, nueva, abierto, abierta, sin empezar, sin iniciar, sin comenzar, no iniciado, no iniciada, tareas por hacer, listo para empezar, reabierto, " +
		"a fazer, por fazer, pendente, pendentes, novo, nova, aberto, aberta, não iniciado, não iniciada, tarefas pendentes, itens pendentes, reaberto, " +
		"da fare, da completare, nuovo, nuova, aperto, aperta, non iniziato, non iniziata, da iniziare, riaperto, " +
		"te doen, nog te doen, nieuw, openstaand, niet gestart, niet begonnen, gepland, heropend, " +
		"do zrobienia, do wykonania, nowe, nowy, nowa, otwarte, otwarty, nierozpoczęte, nie rozpoczęte, zaplanowane, " +
		"сделать, к выполнению, к работе, новый, новая, новое, открыт, открыта, открыто, открытые, не начато, не начата, запланировано, бэклог, в очереди, готово к работе, готово к разработке, готова к работе, " +
		"зробити, до виконання, новий, нова, відкрито, не розпочато, " +
		"yapılacak, yapılacaklar, başlanmadı, yeni, açık, " +
		"待办, 待辦, 待办事项, 待辦事項, 待处理, 待處理, 未开始, 未開始, 待开始, 待開始, 新建, 打开, 打開, 未完成, 待开发, 待開發, 计划中, 計劃中, 已计划, 规划, " +
		"未着手, 未対応, 新規, 作業前, やること, オープン, 未処理, 着手前, 予定, " +
		"할 일, 할일, 해야 할 일, 시작 전, 시작전, 예정, 신규, 미착수"},
	{status: plan.InProgress, words: "in arbeit, in bearbeitung, läuft, laufend, begonnen, angefangen, gestartet, in umsetzung, in entwicklung, aktiv, " +
		"en cours, en cours de traitement, en cours de réalisation, en développement, commencé, commencée, démarré, démarrée, " +
		"en curso, en progreso, en proceso, en desarrollo, iniciado, iniciada, empezado, empezada, haciendo, " +
		"em andamento, em progresso, em curso, em desenvolvimento, em execução, fazendo, " +
		"in corso, in lavorazione, in sviluppo, iniziato, iniziata, " +
		"in uitvoering, bezig, in behandeling, mee bezig, gestart, in ontwikkeling, " +
		"w toku, w trakcie, w realizacji, w trakcie realizacji, rozpoczęte, " +
		"в работе, в процессе, выполняется, делается, начато, начата, в разработке, " +
		"у процесі, в процесі, в роботі, виконується, " +
		"devam ediyor, yapılıyor, sürüyor, devam eden, " +
		"进行中, 進行中, 处理中, 處理中, 开发中, 開發中, 正在进行, 正在進行, 执行中, 執行中, 进展中, 已开始, " +
		"対応中, 処理中, 作業中, 着手中, 実施中, 着手, 開発中, " +
		"진행 중, 진행중, 작업 중, 작업중, 처리 중, 개발 중"},
	{status: plan.Blocked, words: "blockiert, gesperrt, zurückgestellt, aufgeschoben, verschoben, pausiert, wartet, wartend, wartet auf, in warteschleife, angehalten, später, entwurf, vertagt, fertig zum, fertig für, " +
		"bloqué, bloquée, en attente, en pause, reporté, reportée, suspendu, suspendue, différé, différée, plus tard, brouillon, prêt pour, prêt à, prête pour, " +
		"bloqueado, bloqueada, en espera, pospuesto, pospuesta, aplazado, aplazada, en pausa, suspendido, suspendida, detenido, detenida, borrador, más tarde, más adelante, listo para, lista para, " +
		"em espera, aguardando, adiado, adiada, pausado, pausada, suspenso, suspensa, impedido, impedida, rascunho, mais tarde, pronto para, pronta para, " +
		"bloccato, bloccata, in attesa, sospeso, sospesa, rimandato, rimandata, rinviato, rinviata, in pausa, bozza, più tardi, " +
		"geblokkeerd, in de wacht, wacht op, wachten op, wachtend, uitgesteld, gepauzeerd, opgeschort, concept, klaar voor, klaar om, " +
		"zablokowane, zablokowany, zablokowana, wstrzymane, wstrzymany, odłożone, oczekuje, oczekujące, oczekiwanie, na później, szkic, gotowe do, gotowy do, " +
		"заблокирован, заблокирована, заблокировано, отложен, отложена, отложено, в ожидании, ожидает, ожидание, приостановлено, на паузе, на удержании, потом, черновик, готово к, готова к, готов к, " +
		"заблоковано, відкладено, очікує, призупинено, " +
		"engellendi, beklemede, bekliyor, ertelendi, askıda, durduruldu, taslak, " +
		"阻塞, 被阻塞, 已阻塞, 受阻, 阻止, 已阻止, 被阻止, 封锁, 已封鎖, 暂停, 暫停, 已暂停, 搁置, 擱置, 已搁置, 挂起, 掛起, 延期, 已延期, 推迟, 推遲, 等待, 等待中, 暂缓, 以后, 稍后, 草稿, " +
		"ブロック, ブロック中, ブロック済み, 保留, 保留中, 待ち, 待機, 待機中, 延期中, 停止中, 後で, いつか, 下書き, " +
		"차단됨, 차단, 막힘, 보류, 보류 중, 보류중, 대기, 대기 중, 대기중, 연기, 연기됨, 나중에, 초안"},
	{status: plan.ReadyForReview, words: "in prüfung, in überprüfung, zu prüfen, im test, im review, in abnahme, fertig zum testen, fertig zur prüfung, bereit zur prüfung, " +
		"en revue, en révision, à vérifier, à valider, en test, en validation, à tester, en cours de revue, prêt pour la revue, " +
		"en revisión, en pruebas, por revisar, por validar, en validación, listo para revisión, " +
		"em revisão, em análise, em teste, em testes, em validação, para revisão, aguardando revisão, " +
		"in revisione, in verifica, da verificare, da revisionare, in collaudo, " +
		"te beoordelen, ter beoordeling, ter controle, in test, klaar voor review, klaar voor test, wacht op review, " +
		"do sprawdzenia, w weryfikacji, w testach, do weryfikacji, w recenzji, gotowe do testów, gotowe do sprawdzenia, do przeglądu, " +
		"на проверке, на ревью, на тестировании, в тестировании, проверка, тестирование, готово к тестированию, готово к проверке, " +
		"на перевірці, на тестуванні, incelemede, gözden geçiriliyor, test ediliyor, " +
		"审核中, 審核中, 待审核, 待審核, 评审中, 待评审, 测试中, 測試中, 待测试, 待測試, 待验证, 验收中, 待验收, 审查中, 代码审查, " +
		"レビュー中, レビュー待ち, 確認中, 確認待ち, テスト中, レビュー, 検証中, " +
		"검토 중, 검토중, 검토 대기, 리뷰 중, 리뷰 대기, 테스트 중"},
	{status: plan.Completed, words: "erledigt, fertig, abgeschlossen, geschlossen, beendet, umgesetzt, behoben, gelöst, veröffentlicht, fertiggestellt, " +
		"terminé, terminée, terminés, fait, faite, fini, finie, fermé, fermée, clos, résolu, résolue, achevé, achevée, livré, livrée, " +
		"hecho, hecha, terminado, terminada, completado, completada, finalizado, finalizada, cerrado, cerrada, resuelto, resuelta, listo, lista, " +
		"concluído, concluída, concluido, feito, feita, finalizados, fechado, fechada, resolvido, resolvida, itens concluídos, entregue, " +
		"fatto, fatta, completato, completata, finito, finita, terminato, chiuso, chiusa, risolto, risolta, concluso, conclusa, " +
		"klaar, gereed, gedaan, voltooid, afgerond, gesloten, opgelost, " +
		"zrobione, gotowe, ukończone, zakończone, zamknięte, wykonane, rozwiązane, skończone, zamknięty, " +
		"готово, готова, готов, сделано, выполнено, выполнена, завершено, завершена, закрыто, закрыта, закрыт, решено, решена, исправлено, " +
		"зроблено, виконано, завершено, закрито, " +
		"tamamlandı, bitti, yapıldı, kapatıldı, kapalı, çözüldü, " +
		"完成, 已完成, 已关闭, 已關閉, 关闭, 關閉, 已解决, 已解決, 解决, 已结束, 已上线, 已发布, 已修复, 做完, " +
		"完了, 完了済み, 終了, 処理済み, 対応済み, 解決済み, 解決, クローズ, 済, 済み, 完成済み, " +
		"완료, 완료됨, 해결됨, 종료, 닫힘, 끝"},
	{status: plan.Archived, words: "archiviert, archivé, archivée, archivado, archivada, arquivado, arquivada, archiviato, gearchiveerd, zarchiwizowane, архив, в архиве, arşivlendi, 已归档, 归档, アーカイブ, アーカイブ済み, 보관됨"},
	{status: plan.Archived, dropped: true, words: "abgebrochen, verworfen, abgelehnt, gestrichen, storniert, wird nicht gemacht, wird nicht umgesetzt, wird nicht behoben, hinfällig, entfällt, duplikat, nicht geplant, " +
		"annulé, annulée, abandonné, abandonnée, rejeté, rejetée, supprimé, supprimée, ne sera pas fait, doublon, " +
		"cancelado, cancelada, descartado, descartada, rechazado, rechazada, anulado, anulada, duplicado, duplicada, no se hará, " +
		"rejeitado, rejeitada, abandonado, abandonada, não será feito, " +
		"annullato, annullata, cancellato, cancellata, abbandonato, scartato, rifiutato, duplicato, non verrà fatto, " +
		"geannuleerd, vervallen, afgewezen, verworpen, wordt niet gedaan, duplicaat, " +
		"anulowane, anulowany, porzucone, odrzucone, odrzucony, duplikat, " +
		"отменено, отменена, отменён, отменен, отклонено, отклонена, отклонён, отклонен, не будет сделано, дубликат, " +
		"скасовано, відхилено, iptal, iptal edildi, reddedildi, vazgeçildi, " +
		"取消, 已取消, 放弃, 放棄, 已放弃, 废弃, 已废弃, 作废, 已拒绝, 拒绝, 不做, 重复, 不予处理, " +
		"キャンセル, キャンセル済み, 中止, 却下, 破棄, 取り下げ, 対応しない, 重複, " +
		"취소, 취소됨, 폐기, 거절됨, 반려, 중복"},
}
