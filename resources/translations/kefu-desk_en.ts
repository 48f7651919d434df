<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
 <context>
  <name>kefu</name>
  <message>
   <source>about.close</source>
   <translation>Close</translation>
  </message>
  <message>
   <source>about.licence</source>
   <translation>This program is given under the Apache License 2.0. Icons by Lucide (ISC licence).</translation>
  </message>
  <message>
   <source>about.name</source>
   <translation>kefu-desk {version}</translation>
  </message>
  <message>
   <source>about.qt</source>
   <translation>The window uses Qt and PySide6 (LGPL-3.0), shipped as separate libraries that you may replace. All licence texts are in the program's folder licenses and in docs/third-party.md.</translation>
  </message>
  <message>
   <source>about.what</source>
   <translation>A desk for the customer service of a WeChat Official Account: see who is waiting, accept, chat, close.</translation>
  </message>
  <message>
   <source>accept.refused.offline</source>
   <translation>Your account is offline at WeChat; accepting is refused</translation>
  </message>
  <message>
   <source>action.about</source>
   <translation>About kefu-desk</translation>
  </message>
  <message>
   <source>action.accept_next</source>
   <translation>Accept next</translation>
  </message>
  <message>
   <source>action.add_account</source>
   <translation>Add an account…</translation>
  </message>
  <message>
   <source>action.close_chat</source>
   <translation>Close chat</translation>
  </message>
  <message>
   <source>action.copy_details</source>
   <translation>Copy details</translation>
  </message>
  <message>
   <source>action.copy_ip</source>
   <translation>Copy IP</translation>
  </message>
  <message>
   <source>action.copy_waiting</source>
   <translation>Copy what waits</translation>
  </message>
  <message>
   <source>action.language_en</source>
   <translation>English</translation>
  </message>
  <message>
   <source>action.language_system</source>
   <translation>Language: follow the system</translation>
  </message>
  <message>
   <source>action.language_zh_CN</source>
   <translation>简体中文</translation>
  </message>
  <message>
   <source>action.next_pane</source>
   <translation>Next pane</translation>
  </message>
  <message>
   <source>action.next_session</source>
   <translation>Next chat</translation>
  </message>
  <message>
   <source>action.next_unanswered</source>
   <translation>Next unanswered</translation>
  </message>
  <message>
   <source>action.open_logs</source>
   <translation>Open the log folder</translation>
  </message>
  <message>
   <source>action.open_mpkf</source>
   <translation>Open mpkf</translation>
  </message>
  <message>
   <source>action.open_simulator</source>
   <translation>Open the simulator</translation>
  </message>
  <message>
   <source>action.park_reply</source>
   <translation>Park reply</translation>
  </message>
  <message>
   <source>action.previous_pane</source>
   <translation>Previous pane</translation>
  </message>
  <message>
   <source>action.previous_session</source>
   <translation>Previous chat</translation>
  </message>
  <message>
   <source>action.quit</source>
   <translation>Quit</translation>
  </message>
  <message>
   <source>action.reenter_secret</source>
   <translation>Enter again</translation>
  </message>
  <message>
   <source>action.refresh</source>
   <translation>Refresh now</translation>
  </message>
  <message>
   <source>action.reopen</source>
   <translation>Re-open</translation>
  </message>
  <message>
   <source>action.retry</source>
   <translation>Retry now</translation>
  </message>
  <message>
   <source>action.send_now</source>
   <translation>Send now</translation>
  </message>
  <message>
   <source>action.supervise</source>
   <translation>Supervise</translation>
  </message>
  <message>
   <source>action.theme_dark</source>
   <translation>Dark</translation>
  </message>
  <message>
   <source>action.theme_light</source>
   <translation>Light</translation>
  </message>
  <message>
   <source>action.theme_system</source>
   <translation>Theme: follow the system</translation>
  </message>
  <message>
   <source>action.toggle_theme</source>
   <translation>Switch dark/light</translation>
  </message>
  <message>
   <source>action.undo_send</source>
   <translation>Undo send</translation>
  </message>
  <message numerus="yes">
   <source>ago.days</source>
   <translation>
    <numerusform>{n} day ago</numerusform>
    <numerusform>{n} days ago</numerusform>
   </translation>
  </message>
  <message>
   <source>ago.today</source>
   <translation>today</translation>
  </message>
  <message>
   <source>app.name</source>
   <translation>kefu-desk</translation>
  </message>
  <message>
   <source>ask.blind</source>
   <translation>WeChat's records do not show messages sent from here. Look in mpkf or on a phone</translation>
  </message>
  <message>
   <source>ask.cut_off</source>
   <translation>Sent at {time}; the program ended before WeChat answered</translation>
  </message>
  <message>
   <source>ask.learning</source>
   <translation>Records have not shown any message sent from here yet, so finding none proves nothing</translation>
  </message>
  <message numerus="yes">
   <source>ask.left</source>
   <translation>
    <numerusform>Sending again uses one more; {n} send left (estimate)</numerusform>
    <numerusform>Sending again uses one more; {n} sends left (estimate)</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>ask.looked</source>
   <translation>
    <numerusform>Looked once: in the records {start}–{end} {found}</numerusform>
    <numerusform>Looked {n} times: in the records {start}–{end} {found}</numerusform>
   </translation>
  </message>
  <message>
   <source>ask.near</source>
   <translation>Most like it: {words}</translation>
  </message>
  <message>
   <source>ask.none</source>
   <translation>there is no message of yours</translation>
  </message>
  <message>
   <source>ask.not_yet</source>
   <translation>The records have not been looked at yet</translation>
  </message>
  <message numerus="yes">
   <source>ask.own</source>
   <translation>
    <numerusform>your only message is another one</numerusform>
    <numerusform>none of your {n} messages is this one</numerusform>
   </translation>
  </message>
  <message>
   <source>ask.sent</source>
   <translation>Sent at {time}, not confirmed: {reason}</translation>
  </message>
  <message>
   <source>ask.twin</source>
   <translation>The same words are unconfirmed a second time; sending again may reach the customer more than once</translation>
  </message>
  <message>
   <source>ask.unread</source>
   <translation>The records could not be read the last time</translation>
  </message>
  <message numerus="yes">
   <source>ask.usual</source>
   <translation>
    <numerusform>Records usually show after {n} second</numerusform>
    <numerusform>Records usually show after {n} seconds</numerusform>
   </translation>
  </message>
  <message>
   <source>banner.clock.ahead</source>
   <translation>This computer's clock is {span} fast. Times shown are WeChat's</translation>
  </message>
  <message>
   <source>banner.clock.behind</source>
   <translation>This computer's clock is {span} slow. Times shown are WeChat's</translation>
  </message>
  <message>
   <source>banner.clock.hint</source>
   <translation>Set the clock in the system's settings</translation>
  </message>
  <message>
   <source>banner.disk_full</source>
   <translation>Disk full, sending paused</translation>
  </message>
  <message>
   <source>banner.ended</source>
   <translation>This chat has ended. You can still reply within the reply window</translation>
  </message>
  <message>
   <source>banner.lapsed</source>
   <translation>This session is over 30 minutes old. What the customer writes next may not arrive here</translation>
  </message>
  <message>
   <source>banner.offline</source>
   <translation>Offline, showing data of {time}{outbox}</translation>
  </message>
  <message>
   <source>banner.offline.never</source>
   <translation>Offline, no data yet{outbox}</translation>
  </message>
  <message numerus="yes">
   <source>banner.outbox</source>
   <translation>
    <numerusform> · {n} message in the outbox will wait</numerusform>
    <numerusform> · {n} messages in the outbox will wait</numerusform>
   </translation>
  </message>
  <message>
   <source>banner.paused</source>
   <translation>Sending pauses for {time}: {reason}</translation>
  </message>
  <message>
   <source>banner.paused.known</source>
   <translation>Sending pauses for {time}</translation>
  </message>
  <message numerus="yes">
   <source>banner.paused.waiting</source>
   <translation>
    <numerusform>{above} · 1 is waiting</numerusform>
    <numerusform>{above} · {n} are waiting</numerusform>
   </translation>
  </message>
  <message>
   <source>banner.presence</source>
   <translation>Your account is offline at WeChat; accepting is refused. Log in at mpkf and keep it open</translation>
  </message>
  <message>
   <source>banner.quota</source>
   <translation>{reason}. {feed} may be late until about {time}; the rest goes on</translation>
  </message>
  <message>
   <source>banner.read_only</source>
   <translation>Read-only: a newer version of this program wrote the files of this account. Update this program to accept and send</translation>
  </message>
  <message>
   <source>banner.reopen_offline</source>
   <translation>{reason}. Your account is offline: log in to mpkf, keep it open, then take the customer up again</translation>
  </message>
  <message>
   <source>banner.vault</source>
   <translation>Keyring not available, the secret is kept until exit</translation>
  </message>
  <message>
   <source>binding.bound</source>
   <translation>Bound</translation>
  </message>
  <message>
   <source>binding.invited</source>
   <translation>Invitation pending</translation>
  </message>
  <message>
   <source>binding.unbound</source>
   <translation>Not bound</translation>
  </message>
  <message>
   <source>chat.blank</source>
   <translation>Blank message</translation>
  </message>
  <message>
   <source>chat.card.image</source>
   <translation>The customer sent a picture</translation>
  </message>
  <message>
   <source>chat.card.more</source>
   <translation>WeChat does not give its content; see mpkf</translation>
  </message>
  <message>
   <source>chat.card.video</source>
   <translation>The customer sent a video</translation>
  </message>
  <message>
   <source>chat.card.voice</source>
   <translation>The customer sent a voice message</translation>
  </message>
  <message>
   <source>chat.choose</source>
   <translation>Choose a conversation</translation>
  </message>
  <message>
   <source>chat.clock</source>
   <translation>Session clock {time}</translation>
  </message>
  <message>
   <source>chat.close</source>
   <translation>Close chat</translation>
  </message>
  <message>
   <source>chat.closing</source>
   <translation>Closing</translation>
  </message>
  <message>
   <source>chat.copy</source>
   <translation>Copy</translation>
  </message>
  <message>
   <source>chat.customer</source>
   <translation>Customer</translation>
  </message>
  <message numerus="yes">
   <source>chat.cut</source>
   <translation>
    <numerusform>{n} more character is not shown; copying gives the whole text</numerusform>
    <numerusform>{n} more characters are not shown; copying gives the whole text</numerusform>
   </translation>
  </message>
  <message>
   <source>chat.empty.past</source>
   <translation>No messages of this customer are on record</translation>
  </message>
  <message>
   <source>chat.empty.session</source>
   <translation>The customer has not written since you accepted.
WeChat gives the desk no messages from the queue; mpkf shows them.</translation>
  </message>
  <message>
   <source>chat.gap</source>
   <translation>Not read from {start} to {end}; messages may be missing</translation>
  </message>
  <message>
   <source>chat.gap.busy</source>
   <translation>Fetching the messages from {start} to {end}…</translation>
  </message>
  <message>
   <source>chat.gap.fetch</source>
   <translation>Fetch</translation>
  </message>
  <message numerus="yes">
   <source>chat.jump.new</source>
   <translation>
    <numerusform>{n} new message</numerusform>
    <numerusform>{n} new messages</numerusform>
   </translation>
  </message>
  <message>
   <source>chat.jump.newest</source>
   <translation>Latest messages</translation>
  </message>
  <message>
   <source>chat.list</source>
   <translation>Messages</translation>
  </message>
  <message>
   <source>chat.loading</source>
   <translation>Reading messages</translation>
  </message>
  <message>
   <source>chat.me</source>
   <translation>Me</translation>
  </message>
  <message>
   <source>chat.new</source>
   <translation>New messages</translation>
  </message>
  <message>
   <source>chat.peer</source>
   <translation>{agent} · {time}</translation>
  </message>
  <message>
   <source>composer.anyway</source>
   <translation>Send anyway</translation>
  </message>
  <message>
   <source>composer.bytes</source>
   <translation>{used} / {limit} bytes</translation>
  </message>
  <message numerus="yes">
   <source>composer.grant</source>
   <translation>
    <numerusform>{n} send left · valid for {time} (estimate)</numerusform>
    <numerusform>{n} sends left · valid for {time} (estimate)</numerusform>
   </translation>
  </message>
  <message>
   <source>composer.grant.closed</source>
   <translation>The reply window is probably over; wait for the customer (estimate)</translation>
  </message>
  <message>
   <source>composer.grant.unknown</source>
   <translation>Sends left are shown once the customer writes</translation>
  </message>
  <message>
   <source>composer.grant.unlimited</source>
   <translation>Open for {time}, as many as you like (estimate)</translation>
  </message>
  <message>
   <source>composer.grant.used</source>
   <translation>Sends are probably used up; wait for the customer (estimate)</translation>
  </message>
  <message>
   <source>composer.hint</source>
   <translation>Shift+Enter for a new line</translation>
  </message>
  <message>
   <source>composer.hint.held</source>
   <translation>Ctrl+Z undoes · Enter sends now</translation>
  </message>
  <message>
   <source>composer.hint.join</source>
   <translation>Enter joins the line before · Shift+Enter new line</translation>
  </message>
  <message>
   <source>composer.hint.parks</source>
   <translation>Ctrl+Shift+Enter parks</translation>
  </message>
  <message>
   <source>composer.park</source>
   <translation>Park</translation>
  </message>
  <message>
   <source>composer.paste_cut</source>
   <translation>Only the first {limit} characters were pasted</translation>
  </message>
  <message>
   <source>composer.placeholder</source>
   <translation>Write a reply</translation>
  </message>
  <message>
   <source>composer.send</source>
   <translation>Send</translation>
  </message>
  <message>
   <source>composer.text</source>
   <translation>Reply</translation>
  </message>
  <message>
   <source>copy.details</source>
   <translation>Copy details</translation>
  </message>
  <message>
   <source>copy.done</source>
   <translation>Copied</translation>
  </message>
  <message>
   <source>customer.anonymous</source>
   <translation>Guest {tail}</translation>
  </message>
  <message>
   <source>day.date</source>
   <translation>{weekday}, {year}-{month}-{day}</translation>
  </message>
  <message>
   <source>day.today</source>
   <translation>Today</translation>
  </message>
  <message>
   <source>day.yesterday</source>
   <translation>Yesterday</translation>
  </message>
  <message>
   <source>failure.account_type</source>
   <translation>This type of account does not support this</translation>
  </message>
  <message>
   <source>failure.agent_exists</source>
   <translation>This agent account exists already; choose another</translation>
  </message>
  <message>
   <source>failure.agent_form</source>
   <translation>The agent account must look like prefix@account, with at most 10 letters, digits or underscores before the @</translation>
  </message>
  <message>
   <source>failure.agent_limit</source>
   <translation>The account has as many agents as WeChat allows</translation>
  </message>
  <message>
   <source>failure.agent_offline</source>
   <translation>The agent account is offline at WeChat; sign in to mpkf and keep it open</translation>
  </message>
  <message>
   <source>failure.agent_unbound</source>
   <translation>The agent account is not bound to a WeChat user; invite one first</translation>
  </message>
  <message>
   <source>failure.agent_unknown</source>
   <translation>No such agent account; refresh the list</translation>
  </message>
  <message>
   <source>failure.allowance_used</source>
   <translation>Sends used up; wait for the customer</translation>
  </message>
  <message>
   <source>failure.appid</source>
   <translation>The AppID is wrong; check it and enter it again</translation>
  </message>
  <message>
   <source>failure.bad_reply</source>
   <translation>The address answered, but it is not WeChat. Check the API address, or sign in to the network in a browser</translation>
  </message>
  <message>
   <source>failure.banned</source>
   <translation>WeChat has restricted customer service of this account; an administrator finds the notice in the console</translation>
  </message>
  <message>
   <source>failure.blacklisted</source>
   <translation>The customer is on the account's blacklist; remove them from it to send</translation>
  </message>
  <message>
   <source>failure.blocked_for_a_while</source>
   <translation>WeChat has paused this interface; try again later</translation>
  </message>
  <message>
   <source>failure.busy</source>
   <translation>WeChat is busy</translation>
  </message>
  <message>
   <source>failure.content</source>
   <translation>WeChat does not accept this content; change it and send again</translation>
  </message>
  <message>
   <source>failure.empty</source>
   <translation>Nothing to send; write something first</translation>
  </message>
  <message>
   <source>failure.file</source>
   <translation>WeChat does not accept this file; use another format</translation>
  </message>
  <message>
   <source>failure.file_size</source>
   <translation>The file is too large; make it smaller</translation>
  </message>
  <message>
   <source>failure.http</source>
   <translation>The server answered HTTP {status}, which is not how WeChat answers</translation>
  </message>
  <message>
   <source>failure.instance.held</source>
   <translation>This account is open in another window of this program</translation>
  </message>
  <message>
   <source>failure.invite_bound</source>
   <translation>This agent account is already bound; unbind it in the console first</translation>
  </message>
  <message>
   <source>failure.invite_invalid</source>
   <translation>The WeChat ID is wrong; phone and QQ numbers do not work</translation>
  </message>
  <message>
   <source>failure.invite_is_agent</source>
   <translation>This WeChat user already is one of the agents; choose another</translation>
  </message>
  <message>
   <source>failure.invite_open</source>
   <translation>This agent account has an invitation that is still open</translation>
  </message>
  <message>
   <source>failure.invite_sent</source>
   <translation>This WeChat user is already invited; wait for the answer</translation>
  </message>
  <message>
   <source>failure.invite_too_many</source>
   <translation>This person is bound to too many agent accounts; choose another</translation>
  </message>
  <message>
   <source>failure.ip_refused</source>
   <translation>This computer's IP {ip} is not on the whitelist; an administrator can add it in the Official Account console</translation>
  </message>
  <message>
   <source>failure.ip_refused.unnamed</source>
   <translation>This computer's IP is not on the whitelist; an administrator can add it in the Official Account console</translation>
  </message>
  <message>
   <source>failure.keyring.locked</source>
   <translation>The keyring is locked. Unlock it, then try again</translation>
  </message>
  <message>
   <source>failure.keyring.long</source>
   <translation>The secret is too long for the keyring. Check the AppSecret</translation>
  </message>
  <message>
   <source>failure.keyring.missing</source>
   <translation>The keyring is not available; the secret is kept until exit</translation>
  </message>
  <message>
   <source>failure.keyring.refused</source>
   <translation>The keyring refused. Check the keyring, then try again</translation>
  </message>
  <message>
   <source>failure.keyring.slow</source>
   <translation>The keyring did not answer. Look for a window that asks to unlock it</translation>
  </message>
  <message>
   <source>failure.media_gone</source>
   <translation>The file has expired at WeChat; upload it again</translation>
  </message>
  <message>
   <source>failure.menu</source>
   <translation>The menu has too many or too long items</translation>
  </message>
  <message>
   <source>failure.message_type</source>
   <translation>The account cannot send this kind of message</translation>
  </message>
  <message>
   <source>failure.mini_program</source>
   <translation>The mini program's AppID or page is wrong, or it is not linked</translation>
  </message>
  <message>
   <source>failure.minor</source>
   <translation>This customer cannot receive it because of the protection of minors</translation>
  </message>
  <message>
   <source>failure.nickname</source>
   <translation>The nickname is not allowed; change it</translation>
  </message>
  <message>
   <source>failure.no_permission</source>
   <translation>This account may not use the interface; usually it has to be verified first</translation>
  </message>
  <message>
   <source>failure.no_session</source>
   <translation>The session has ended</translation>
  </message>
  <message>
   <source>failure.not_enabled</source>
   <translation>Customer service is not enabled for this account. An administrator can add the plug-in in the console; if just added, wait a few minutes</translation>
  </message>
  <message>
   <source>failure.nothing_done</source>
   <translation>WeChat said ok, but nothing changed. Try again in a moment</translation>
  </message>
  <message>
   <source>failure.offline</source>
   <translation>The network is down; this retries by itself when it is back</translation>
  </message>
  <message>
   <source>failure.offline.broken</source>
   <translation>The connection broke before the answer arrived</translation>
  </message>
  <message>
   <source>failure.offline.dns</source>
   <translation>Server not found; check the network and the API address</translation>
  </message>
  <message>
   <source>failure.offline.proxy</source>
   <translation>The proxy refused the connection; check the proxy settings</translation>
  </message>
  <message>
   <source>failure.offline.refused</source>
   <translation>The server refused the connection; check the API address and the firewall</translation>
  </message>
  <message>
   <source>failure.offline.tls</source>
   <translation>The server could not prove its identity, so nothing was sent. Check the computer's clock or ask your network administrator</translation>
  </message>
  <message>
   <source>failure.openid</source>
   <translation>This customer is not known to the account; they may belong to another one</translation>
  </message>
  <message>
   <source>failure.outbox.elsewhere</source>
   <translation>From an older copy of the outbox; it may have been sent long ago</translation>
  </message>
  <message>
   <source>failure.outbox.forgotten</source>
   <translation>The reason of that failure can no longer be read</translation>
  </message>
  <message>
   <source>failure.outbox.moved_on</source>
   <translation>This message has moved on meanwhile. Look at its present state</translation>
  </message>
  <message>
   <source>failure.period</source>
   <translation>WeChat does not accept this period</translation>
  </message>
  <message>
   <source>failure.portal</source>
   <translation>This network wants you to sign in first. Open any web page in a browser and sign in; everything then goes on by itself</translation>
  </message>
  <message>
   <source>failure.profile.damaged</source>
   <translation>The settings file {file} is damaged and was left as it is. Correct or delete it</translation>
  </message>
  <message>
   <source>failure.profile.field</source>
   <translation>{field}: {reason}</translation>
  </message>
  <message>
   <source>failure.profile.full</source>
   <translation>The disk is full, so the settings file {file} was not saved. Free some space, then try again</translation>
  </message>
  <message>
   <source>failure.profile.missing</source>
   <translation>The account file {file} was not found. Add the account again</translation>
  </message>
  <message>
   <source>failure.profile.unreadable</source>
   <translation>The settings file {file} could not be read. Check its permissions</translation>
  </message>
  <message>
   <source>failure.profile.unwritten</source>
   <translation>The settings file {file} could not be written; the old one is unchanged. Check its permissions</translation>
  </message>
  <message>
   <source>failure.quota</source>
   <translation>Daily quota used up; it returns after midnight China time</translation>
  </message>
  <message>
   <source>failure.quota.reserved</source>
   <translation>Today's calls are nearly used up. Updates pause so that the rest is left for replies</translation>
  </message>
  <message>
   <source>failure.quota_resets</source>
   <translation>The resets of this month are used up; they return next month</translation>
  </message>
  <message>
   <source>failure.rate</source>
   <translation>Too many calls; try again in 1 minute</translation>
  </message>
  <message>
   <source>failure.refuses</source>
   <translation>The customer refuses messages of the account</translation>
  </message>
  <message>
   <source>failure.remark</source>
   <translation>The remark is not allowed; change it</translation>
  </message>
  <message>
   <source>failure.request</source>
   <translation>WeChat did not accept the program's request; copy the details for the developers</translation>
  </message>
  <message>
   <source>failure.restricted</source>
   <translation>The customer's WeChat account is restricted or gone, so nothing can be delivered</translation>
  </message>
  <message>
   <source>failure.risk_confirm</source>
   <translation>WeChat asks an administrator to confirm this IP. Try again after that</translation>
  </message>
  <message>
   <source>failure.risk_day</source>
   <translation>An administrator refused this IP; it can be tried again in 24 hours</translation>
  </message>
  <message>
   <source>failure.risk_hour</source>
   <translation>An administrator refused this IP; it can be tried again in 1 hour</translation>
  </message>
  <message>
   <source>failure.secret</source>
   <translation>The AppSecret is wrong; enter it again</translation>
  </message>
  <message>
   <source>failure.secret.missing</source>
   <translation>The AppSecret of “{account}” is not stored; enter it again</translation>
  </message>
  <message>
   <source>failure.secret_frozen</source>
   <translation>The AppSecret is frozen; an administrator can unfreeze it in the Official Account console</translation>
  </message>
  <message>
   <source>failure.storage.corrupt</source>
   <translation>{file} is damaged and was left as it is. Back it up, then move it away</translation>
  </message>
  <message>
   <source>failure.storage.folder</source>
   <translation>{file} or its folder could not be made. Check the path and the permissions</translation>
  </message>
  <message>
   <source>failure.storage.full</source>
   <translation>The disk is full, so {file} could not be saved. Free some space, then try again</translation>
  </message>
  <message>
   <source>failure.storage.io</source>
   <translation>The disk reported an error at {file}. Check the disk, then try again</translation>
  </message>
  <message>
   <source>failure.storage.locked</source>
   <translation>Another program is using {file}. Close it, then try again</translation>
  </message>
  <message>
   <source>failure.storage.newer</source>
   <translation>{file} was written by a newer version of this program and was left as it is. Update this program</translation>
  </message>
  <message>
   <source>failure.storage.readonly</source>
   <translation>{file} is read-only. Allow writing to the file and its folder</translation>
  </message>
  <message>
   <source>failure.storage.unopened</source>
   <translation>{file} could not be opened. Check that it is a file and that you may access it</translation>
  </message>
  <message>
   <source>failure.tag</source>
   <translation>The tag is not allowed</translation>
  </message>
  <message>
   <source>failure.taken</source>
   <translation>Already taken by another agent</translation>
  </message>
  <message>
   <source>failure.taken.by</source>
   <translation>Already taken by {agent}</translation>
  </message>
  <message>
   <source>failure.taken_by</source>
   <translation>Already taken by {agent}</translation>
  </message>
  <message>
   <source>failure.timeout</source>
   <translation>WeChat did not answer in time</translation>
  </message>
  <message>
   <source>failure.token</source>
   <translation>The token is invalid, and so is its replacement</translation>
  </message>
  <message>
   <source>failure.too_long</source>
   <translation>Too long; shorten it and send again</translation>
  </message>
  <message>
   <source>failure.typing</source>
   <translation>The typing sign cannot be shown now</translation>
  </message>
  <message>
   <source>failure.unfollowed</source>
   <translation>The customer does not follow the account, so nothing can be delivered</translation>
  </message>
  <message>
   <source>failure.unknown_code</source>
   <translation>WeChat returned the unknown code {code}; copy the details for your administrator</translation>
  </message>
  <message>
   <source>failure.untrusted</source>
   <translation>The server cannot prove that it is WeChat: its certificate was issued by “{issuer}” (SHA-256 {fingerprint}…). All calls have stopped and nothing was sent; ask your network administrator</translation>
  </message>
  <message>
   <source>failure.window_closed</source>
   <translation>Reply window closed; you can reply when the customer writes again</translation>
  </message>
  <message>
   <source>feed.online</source>
   <translation>Agents online</translation>
  </message>
  <message>
   <source>feed.records</source>
   <translation>Message records</translation>
  </message>
  <message>
   <source>feed.sessions</source>
   <translation>My chats</translation>
  </message>
  <message>
   <source>feed.waiting</source>
   <translation>Waiting</translation>
  </message>
  <message>
   <source>found.archive</source>
   <translation>The archive was damaged and is kept as {file}; its records are being read again. Sending goes on</translation>
  </message>
  <message>
   <source>found.outbox.copied</source>
   <translation>The outbox file was damaged: {saved} messages saved, {copied} more from the back-up of {time}, {lost} unreadable. Nothing unsent is sent by itself. The old file is kept as {file}</translation>
  </message>
  <message numerus="yes">
   <source>found.outbox.elsewhere</source>
   <translation>
    <numerusform>The outbox came from an older copy: {n} unsent message is not sent by itself. Check it</numerusform>
    <numerusform>The outbox came from an older copy: {n} unsent messages are not sent by themselves. Check each of them</numerusform>
   </translation>
  </message>
  <message>
   <source>found.outbox.salvaged</source>
   <translation>The outbox file was damaged: {saved} messages saved, {lost} unreadable. Nothing unsent is sent by itself. The old file is kept as {file}</translation>
  </message>
  <message>
   <source>found.shared</source>
   <translation>The files of this account are on {place}, where other computers may damage the outbox. Move them to a disk of this computer</translation>
  </message>
  <message numerus="yes">
   <source>fresh.ago</source>
   <translation>
    <numerusform>{n} s ago</numerusform>
    <numerusform>{n} s ago</numerusform>
   </translation>
  </message>
  <message>
   <source>fresh.line</source>
   <translation>{feed}: {time}</translation>
  </message>
  <message>
   <source>fresh.line.never</source>
   <translation>{feed}: not yet</translation>
  </message>
  <message>
   <source>fresh.line.retry</source>
   <translation>{line} · retry in {seconds} s</translation>
  </message>
  <message>
   <source>fresh.loading</source>
   <translation>Loading</translation>
  </message>
  <message>
   <source>fresh.never</source>
   <translation>No data yet</translation>
  </message>
  <message>
   <source>fresh.now</source>
   <translation>Just now</translation>
  </message>
  <message>
   <source>fresh.reason</source>
   <translation>Reason: {reason}</translation>
  </message>
  <message>
   <source>fresh.stale</source>
   <translation>Not updated for {time}</translation>
  </message>
  <message numerus="yes">
   <source>fresh.stale.seconds</source>
   <translation>
    <numerusform>Not updated for {n} s</numerusform>
    <numerusform>Not updated for {n} s</numerusform>
   </translation>
  </message>
  <message>
   <source>fresh.stopped</source>
   <translation>Polling stopped</translation>
  </message>
  <message>
   <source>keys.accept_next</source>
   <translation>Accept the next customer</translation>
  </message>
  <message>
   <source>keys.close_chat</source>
   <translation>Close chat</translation>
  </message>
  <message>
   <source>keys.newline</source>
   <translation>New line</translation>
  </message>
  <message>
   <source>keys.next_session</source>
   <translation>Next chat</translation>
  </message>
  <message>
   <source>keys.next_unanswered</source>
   <translation>Next unanswered</translation>
  </message>
  <message>
   <source>keys.park_reply</source>
   <translation>Park the reply</translation>
  </message>
  <message>
   <source>keys.previous_session</source>
   <translation>Previous chat</translation>
  </message>
  <message>
   <source>keys.send_now</source>
   <translation>Send the waiting line at once</translation>
  </message>
  <message>
   <source>keys.supervise</source>
   <translation>Supervise</translation>
  </message>
  <message>
   <source>keys.undo_send</source>
   <translation>Take the line just sent back</translation>
  </message>
  <message>
   <source>list.comma</source>
   <translation>, </translation>
  </message>
  <message>
   <source>media.image</source>
   <translation>[Picture]</translation>
  </message>
  <message>
   <source>media.video</source>
   <translation>[Video]</translation>
  </message>
  <message>
   <source>media.voice</source>
   <translation>[Voice]</translation>
  </message>
  <message>
   <source>menu.account</source>
   <translation>Account</translation>
  </message>
  <message>
   <source>menu.chat</source>
   <translation>Chats</translation>
  </message>
  <message>
   <source>menu.help</source>
   <translation>Help</translation>
  </message>
  <message>
   <source>menu.tools</source>
   <translation>Tools</translation>
  </message>
  <message>
   <source>menu.view</source>
   <translation>View</translation>
  </message>
  <message>
   <source>newer.cancel</source>
   <translation>Cancel</translation>
  </message>
  <message>
   <source>newer.confirm</source>
   <translation>Open read-only</translation>
  </message>
  <message>
   <source>newer.question</source>
   <translation>The files of this account were written by a newer version of this program. They can be opened read-only: conversations can be read, nothing can be accepted or sent, and the files stay as they are.</translation>
  </message>
  <message>
   <source>newer.title</source>
   <translation>Open read-only</translation>
  </message>
  <message>
   <source>notice.crashed</source>
   <translation>The command “{command}” met an error; other chats go on. Details are in the log</translation>
  </message>
  <message>
   <source>notice.inspected</source>
   <translation>“{issuer}” inspects the encrypted connections of this computer and can read what goes to and from WeChat. If your company did not arrange that, ask your network administrator</translation>
  </message>
  <message numerus="yes">
   <source>notice.parked_back</source>
   <translation>
    <numerusform>The customer has written: a parked reply is a draft again: {words}</numerusform>
    <numerusform>The customer has written: {n} parked replies are a draft again: {words}</numerusform>
   </translation>
  </message>
  <message>
   <source>notice.service_failing</source>
   <translation>A part of the program keeps failing ({service}) and is tried again; please send the log to your administrator</translation>
  </message>
  <message>
   <source>notice.session_soon</source>
   <translation>The session with {customer} reaches 30 minutes in about {minutes} min. After that their words may not arrive here</translation>
  </message>
  <message numerus="yes">
   <source>notice.sessions_soon</source>
   <translation>
    <numerusform>One session is about to reach 30 minutes. After that their words may not arrive here</numerusform>
    <numerusform>{n} sessions are about to reach 30 minutes. After that their words may not arrive here</numerusform>
   </translation>
  </message>
  <message>
   <source>pane.loading</source>
   <translation>Loading</translation>
  </message>
  <message>
   <source>pane.loading_slow</source>
   <translation>Still loading</translation>
  </message>
  <message>
   <source>pane.queue.accept</source>
   <translation>Accept</translation>
  </message>
  <message>
   <source>pane.queue.accepting</source>
   <translation>Accepting</translation>
  </message>
  <message>
   <source>pane.queue.gone</source>
   <translation>Left the queue</translation>
  </message>
  <message>
   <source>pane.queue.list</source>
   <translation>Waiting customers</translation>
  </message>
  <message>
   <source>pane.queue.list_hint</source>
   <translation>Arrow keys choose, Enter accepts</translation>
  </message>
  <message>
   <source>pane.queue.next</source>
   <translation>Accept next</translation>
  </message>
  <message>
   <source>pane.queue.next_hint</source>
   <translation>Takes the customer who has waited longest</translation>
  </message>
  <message>
   <source>pane.queue.title</source>
   <translation>Waiting</translation>
  </message>
  <message>
   <source>pane.sessions.draft</source>
   <translation>[Draft]</translation>
  </message>
  <message>
   <source>pane.sessions.empty</source>
   <translation>You have no chats</translation>
  </message>
  <message>
   <source>pane.sessions.empty_hint</source>
   <translation>Press {key} to take the next customer</translation>
  </message>
  <message>
   <source>pane.sessions.empty_wait</source>
   <translation>Accept a customer above when one is waiting</translation>
  </message>
  <message numerus="yes">
   <source>pane.sessions.lapsed</source>
   <translation>
    <numerusform>1 over 30 min</numerusform>
    <numerusform>{n} over 30 min</numerusform>
   </translation>
  </message>
  <message>
   <source>pane.sessions.lapsed.hint</source>
   <translation>What these customers write next may not arrive here. Open the conversation to take it up again</translation>
  </message>
  <message>
   <source>pane.sessions.list</source>
   <translation>My chats</translation>
  </message>
  <message>
   <source>pane.sessions.list_hint</source>
   <translation>Arrow keys choose, Enter opens</translation>
  </message>
  <message>
   <source>pane.sessions.title</source>
   <translation>My chats</translation>
  </message>
  <message numerus="yes">
   <source>pane.sessions.unanswered</source>
   <translation>
    <numerusform>{n} unanswered</numerusform>
    <numerusform>{n} unanswered</numerusform>
   </translation>
  </message>
  <message>
   <source>pane.status.bar</source>
   <translation>Status bar</translation>
  </message>
  <message>
   <source>pane.strip.account</source>
   <translation>Account: {title}</translation>
  </message>
  <message>
   <source>pane.strip.freshness</source>
   <translation>Data: {words}</translation>
  </message>
  <message>
   <source>pane.strip.freshness_hint</source>
   <translation>Shows details of the last update</translation>
  </message>
  <message>
   <source>pane.strip.longest</source>
   <translation>longest</translation>
  </message>
  <message>
   <source>pane.strip.mine</source>
   <translation>Mine</translation>
  </message>
  <message>
   <source>pane.strip.presence</source>
   <translation>Presence: {presence}</translation>
  </message>
  <message>
   <source>pane.strip.queue_hint</source>
   <translation>Opens the supervisor page</translation>
  </message>
  <message>
   <source>pane.strip.queue_name</source>
   <translation>Waiting {count}, longest wait {longest}</translation>
  </message>
  <message>
   <source>pane.strip.refresh</source>
   <translation>Refresh now</translation>
  </message>
  <message>
   <source>pane.strip.simulator</source>
   <translation>Simulator</translation>
  </message>
  <message>
   <source>pane.strip.unanswered</source>
   <translation>Unanswered</translation>
  </message>
  <message>
   <source>pane.strip.waiting</source>
   <translation>Waiting</translation>
  </message>
  <message>
   <source>presence.offline</source>
   <translation>Not online</translation>
  </message>
  <message>
   <source>presence.offline.hint</source>
   <translation>Log in at mpkf.weixin.qq.com and keep it open</translation>
  </message>
  <message>
   <source>presence.online</source>
   <translation>Online</translation>
  </message>
  <message>
   <source>presence.online.hint</source>
   <translation>Your account is online at WeChat's client; you can accept</translation>
  </message>
  <message>
   <source>presence.unknown</source>
   <translation>Presence unknown</translation>
  </message>
  <message>
   <source>presence.unknown.hint</source>
   <translation>The presence has not been read yet</translation>
  </message>
  <message>
   <source>preview.mine</source>
   <translation>Me: </translation>
  </message>
  <message>
   <source>preview.nothing</source>
   <translation>No messages yet</translation>
  </message>
  <message>
   <source>preview.peer</source>
   <translation>{agent}: </translation>
  </message>
  <message>
   <source>profile.field.agent</source>
   <translation>Agent account</translation>
  </message>
  <message>
   <source>profile.field.agent_nick</source>
   <translation>Agent nickname</translation>
  </message>
  <message>
   <source>profile.field.appid</source>
   <translation>AppID</translation>
  </message>
  <message>
   <source>profile.field.base_url</source>
   <translation>API address</translation>
  </message>
  <message>
   <source>profile.field.history_days</source>
   <translation>Days of history</translation>
  </message>
  <message>
   <source>profile.field.hold_seconds</source>
   <translation>hold_seconds (hold before sending)</translation>
  </message>
  <message>
   <source>profile.field.name</source>
   <translation>Account name</translation>
  </message>
  <message>
   <source>profile.field.poll_seconds</source>
   <translation>Polling interval</translation>
  </message>
  <message>
   <source>profile.field.proxy</source>
   <translation>Proxy</translation>
  </message>
  <message>
   <source>profile.field.reply_hours</source>
   <translation>reply_rule.hours (reply window)</translation>
  </message>
  <message>
   <source>profile.field.reply_sends</source>
   <translation>reply_rule.sends (sends left)</translation>
  </message>
  <message>
   <source>profile.field.title</source>
   <translation>Official Account</translation>
  </message>
  <message>
   <source>profile.problem.address</source>
   <translation>Enter an address that begins with https://, without a user name or a query</translation>
  </message>
  <message>
   <source>profile.problem.agent</source>
   <translation>Enter the full agent account, such as lin01@gh_1a2b3c4d5e6f</translation>
  </message>
  <message>
   <source>profile.problem.agent_nick</source>
   <translation>At most {limit} characters on one line</translation>
  </message>
  <message>
   <source>profile.problem.appid</source>
   <translation>An AppID is wx and 16 hexadecimal digits; copy it from the admin console</translation>
  </message>
  <message>
   <source>profile.problem.history_days</source>
   <translation>Must be {least} to {most} days (WeChat keeps a year)</translation>
  </message>
  <message>
   <source>profile.problem.hold_seconds</source>
   <translation>{least} to {most} seconds</translation>
  </message>
  <message>
   <source>profile.problem.name</source>
   <translation>Use lower-case letters, digits, - or _, at most 64 characters</translation>
  </message>
  <message>
   <source>profile.problem.plain_http</source>
   <translation>http:// would send the secret in the clear and is allowed for this computer only. Use https://</translation>
  </message>
  <message>
   <source>profile.problem.poll_seconds</source>
   <translation>Enter {least} to {most} seconds</translation>
  </message>
  <message>
   <source>profile.problem.proxy</source>
   <translation>enter the address of a proxy such as http://192.0.2.1:3128, without a user or password</translation>
  </message>
  <message>
   <source>profile.problem.reply_hours</source>
   <translation>{least} to {most} hours</translation>
  </message>
  <message>
   <source>profile.problem.reply_sends</source>
   <translation>A whole number from {least} to {most}; 0 means not counted</translation>
  </message>
  <message>
   <source>profile.problem.simulator</source>
   <translation>A simulator address looks like sim://day</translation>
  </message>
  <message>
   <source>profile.problem.title</source>
   <translation>Enter one line of at most {limit} characters</translation>
  </message>
  <message>
   <source>queue.badge.late</source>
   <translation>Overdue</translation>
  </message>
  <message>
   <source>queue.badge.soon</source>
   <translation>Due soon</translation>
  </message>
  <message>
   <source>queue.empty</source>
   <translation>Nobody is waiting</translation>
  </message>
  <message>
   <source>queue.empty.last</source>
   <translation>Nobody is waiting · last at {time}</translation>
  </message>
  <message>
   <source>queue.last_agent</source>
   <translation>last {agent}</translation>
  </message>
  <message>
   <source>queue.new_customer</source>
   <translation>New customer</translation>
  </message>
  <message>
   <source>queue.sentence.at_least</source>
   <translation>waiting at least {span}</translation>
  </message>
  <message>
   <source>queue.sentence.place</source>
   <translation>Place {place}</translation>
  </message>
  <message>
   <source>queue.sentence.wait</source>
   <translation>waiting {span}</translation>
  </message>
  <message>
   <source>queue.taken</source>
   <translation>Taken by another agent</translation>
  </message>
  <message>
   <source>queue.taken_by</source>
   <translation>Taken by {agent}</translation>
  </message>
  <message>
   <source>queue.unlisted</source>
   <translation>{total} waiting, WeChat lists the first {listed}</translation>
  </message>
  <message>
   <source>queue.visits</source>
   <translation>Visit {visits}</translation>
  </message>
  <message>
   <source>quit.cancel</source>
   <translation>Stay</translation>
  </message>
  <message>
   <source>quit.confirm</source>
   <translation>Quit</translation>
  </message>
  <message numerus="yes">
   <source>quit.question</source>
   <translation>
    <numerusform>{n} message has not been sent.
If it can go out it does; else it is stored for the next start.</numerusform>
    <numerusform>{n} messages have not been sent.
What can go out goes first; the rest is stored for the next start.</numerusform>
   </translation>
  </message>
  <message>
   <source>quit.title</source>
   <translation>Quit kefu-desk</translation>
  </message>
  <message>
   <source>quota.line</source>
   <translation>{path} {used} of {limit}, {expected} expected by midnight</translation>
  </message>
  <message>
   <source>quota.line.estimated</source>
   <translation>{path} {used}, limit unknown (taken as {limit}), {expected} expected by midnight</translation>
  </message>
  <message>
   <source>quota.line.stopped</source>
   <translation>{path} {used} of {limit}, paused until {time}</translation>
  </message>
  <message>
   <source>quota.lines</source>
   <translation>{above} · {line}</translation>
  </message>
  <message>
   <source>quota.path.online</source>
   <translation>Agents online</translation>
  </message>
  <message>
   <source>quota.path.records</source>
   <translation>Messages</translation>
  </message>
  <message>
   <source>quota.path.send</source>
   <translation>Sends</translation>
  </message>
  <message>
   <source>quota.path.sessions</source>
   <translation>Sessions</translation>
  </message>
  <message>
   <source>quota.path.waiting</source>
   <translation>Queue</translation>
  </message>
  <message>
   <source>record.elsewhere</source>
   <translation>Sent elsewhere</translation>
  </message>
  <message>
   <source>record.system</source>
   <translation>System record {code}</translation>
  </message>
  <message>
   <source>send.action.arrived</source>
   <translation>It arrived</translation>
  </message>
  <message>
   <source>send.action.check</source>
   <translation>Check</translation>
  </message>
  <message>
   <source>send.action.check_again</source>
   <translation>Look again</translation>
  </message>
  <message>
   <source>send.action.copy</source>
   <translation>Copy text</translation>
  </message>
  <message>
   <source>send.action.decide</source>
   <translation>Decide myself…</translation>
  </message>
  <message>
   <source>send.action.edit</source>
   <translation>Edit</translation>
  </message>
  <message>
   <source>send.action.fetch</source>
   <translation>Take back</translation>
  </message>
  <message>
   <source>send.action.leave</source>
   <translation>Leave it</translation>
  </message>
  <message>
   <source>send.action.overtake</source>
   <translation>Send this one anyway</translation>
  </message>
  <message>
   <source>send.action.park</source>
   <translation>Park this reply</translation>
  </message>
  <message>
   <source>send.action.release</source>
   <translation>Send now</translation>
  </message>
  <message>
   <source>send.action.resend</source>
   <translation>Resend</translation>
  </message>
  <message>
   <source>send.action.resend_twin</source>
   <translation>Send again (may be a second one)</translation>
  </message>
  <message>
   <source>send.action.undo</source>
   <translation>Undo</translation>
  </message>
  <message>
   <source>send.refused.empty</source>
   <translation>There is no text to send</translation>
  </message>
  <message>
   <source>send.refused.long</source>
   <translation>Over WeChat's {limit} bytes; remove {over} bytes</translation>
  </message>
  <message>
   <source>send.state.asked</source>
   <translation>Outcome unknown · for you to decide</translation>
  </message>
  <message>
   <source>send.state.behind</source>
   <translation>Goes after the one above</translation>
  </message>
  <message>
   <source>send.state.behind_unknown</source>
   <translation>Waits for the one above, whose outcome is unknown</translation>
  </message>
  <message>
   <source>send.state.confirmed</source>
   <translation>Confirmed from the record</translation>
  </message>
  <message>
   <source>send.state.failed</source>
   <translation>Not sent: {reason}</translation>
  </message>
  <message numerus="yes">
   <source>send.state.held</source>
   <translation>
    <numerusform>Holding {n} s</numerusform>
    <numerusform>Holding {n} s</numerusform>
   </translation>
  </message>
  <message>
   <source>send.state.held.now</source>
   <translation>Holding</translation>
  </message>
  <message numerus="yes">
   <source>send.state.joined</source>
   <translation>
    <numerusform>{state} · {n} line</numerusform>
    <numerusform>{state} · {n} lines joined into one</numerusform>
   </translation>
  </message>
  <message>
   <source>send.state.parked</source>
   <translation>Parked · becomes a draft when the customer writes</translation>
  </message>
  <message>
   <source>send.state.paused</source>
   <translation>Paused: {reason} · goes after {time}</translation>
  </message>
  <message>
   <source>send.state.queued</source>
   <translation>Queued, sends when connected</translation>
  </message>
  <message>
   <source>send.state.resolved.again</source>
   <translation>Outcome unknown, sent again</translation>
  </message>
  <message>
   <source>send.state.resolved.arrived</source>
   <translation>You said that it arrived</translation>
  </message>
  <message>
   <source>send.state.resolved.left</source>
   <translation>Outcome unknown, left as it is</translation>
  </message>
  <message>
   <source>send.state.sending</source>
   <translation>Sending</translation>
  </message>
  <message>
   <source>send.state.sent</source>
   <translation>Accepted by WeChat</translation>
  </message>
  <message>
   <source>send.state.twice</source>
   <translation>{state} · the customer probably got it twice</translation>
  </message>
  <message numerus="yes">
   <source>send.state.unknown.next</source>
   <translation>
    <numerusform>Outcome unknown · looking it up ({n} look so far, next in {seconds} s)</numerusform>
    <numerusform>Outcome unknown · looking it up ({n} looks so far, next in {seconds} s)</numerusform>
   </translation>
  </message>
  <message>
   <source>send.state.unknown.now</source>
   <translation>Outcome unknown · looking it up</translation>
  </message>
  <message numerus="yes">
   <source>send.state.unknown.soon</source>
   <translation>
    <numerusform>Outcome unknown · looked up in {n} s</numerusform>
    <numerusform>Outcome unknown · looked up in {n} s</numerusform>
   </translation>
  </message>
  <message>
   <source>send.state.unknown.unread</source>
   <translation>Outcome unknown · the records could not be read, next look in {seconds} s</translation>
  </message>
  <message numerus="yes">
   <source>sends.left</source>
   <translation>
    <numerusform>{n} send left</numerusform>
    <numerusform>{n} sends left</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>sends.short</source>
   <translation>
    <numerusform>{n} left</numerusform>
    <numerusform>{n} left</numerusform>
   </translation>
  </message>
  <message>
   <source>session.guard.lapsed</source>
   <translation>over 30 min</translation>
  </message>
  <message>
   <source>session.guard.soon</source>
   <translation>{minutes} min of session left</translation>
  </message>
  <message>
   <source>session.guard.words</source>
   <translation>Their next words may not arrive here</translation>
  </message>
  <message>
   <source>session.sentence.draft</source>
   <translation>draft</translation>
  </message>
  <message>
   <source>session.sentence.failed</source>
   <translation>a message was not sent</translation>
  </message>
  <message>
   <source>session.sentence.parked</source>
   <translation>has a parked reply</translation>
  </message>
  <message>
   <source>session.sentence.said</source>
   <translation>{who}{words}</translation>
  </message>
  <message>
   <source>session.sentence.unanswered</source>
   <translation>unanswered for {span}</translation>
  </message>
  <message>
   <source>session.sentence.unknown</source>
   <translation>a message has an unknown outcome</translation>
  </message>
  <message numerus="yes">
   <source>session.sentence.unread</source>
   <translation>
    <numerusform>{n} unread</numerusform>
    <numerusform>{n} unread</numerusform>
   </translation>
  </message>
  <message>
   <source>session.unanswered</source>
   <translation>{time}</translation>
  </message>
  <message>
   <source>setup.action.copy_ip</source>
   <translation>Copy IP</translation>
  </message>
  <message>
   <source>setup.action.open_mpkf</source>
   <translation>Open mpkf</translation>
  </message>
  <message>
   <source>setup.action.reenter_secret</source>
   <translation>Enter again</translation>
  </message>
  <message>
   <source>setup.action.retry</source>
   <translation>Test again</translation>
  </message>
  <message>
   <source>setup.advanced</source>
   <translation>Advanced</translation>
  </message>
  <message>
   <source>setup.agent.lead</source>
   <translation>Choose your own agent account</translation>
  </message>
  <message>
   <source>setup.agent.list</source>
   <translation>Agent accounts</translation>
  </message>
  <message>
   <source>setup.agent.none</source>
   <translation>This account has no agent accounts yet</translation>
  </message>
  <message>
   <source>setup.agent.none.hint</source>
   <translation>Add one in mpkf first, then test again</translation>
  </message>
  <message>
   <source>setup.agent.unusable</source>
   <translation>not available</translation>
  </message>
  <message>
   <source>setup.back</source>
   <translation>Back</translation>
  </message>
  <message>
   <source>setup.cancel</source>
   <translation>Cancel</translation>
  </message>
  <message>
   <source>setup.check.agents</source>
   <translation>Agent accounts</translation>
  </message>
  <message>
   <source>setup.check.agents.none</source>
   <translation>No agent accounts; add one in the Official Account console first</translation>
  </message>
  <message numerus="yes">
   <source>setup.check.agents.ok</source>
   <translation>
    <numerusform>{n} account</numerusform>
    <numerusform>{n} accounts</numerusform>
   </translation>
  </message>
  <message>
   <source>setup.check.clock</source>
   <translation>System clock</translation>
  </message>
  <message>
   <source>setup.check.keyring</source>
   <translation>System keyring</translation>
  </message>
  <message>
   <source>setup.check.keyring.none</source>
   <translation>Not available, the secret is kept until exit</translation>
  </message>
  <message>
   <source>setup.check.keyring.ok</source>
   <translation>Writable</translation>
  </message>
  <message>
   <source>setup.check.network</source>
   <translation>Network</translation>
  </message>
  <message>
   <source>setup.check.offset</source>
   <translation>{offset} s apart</translation>
  </message>
  <message>
   <source>setup.check.records</source>
   <translation>Message records</translation>
  </message>
  <message>
   <source>setup.check.records.ok</source>
   <translation>Readable</translation>
  </message>
  <message>
   <source>setup.check.running</source>
   <translation>Testing</translation>
  </message>
  <message>
   <source>setup.check.token</source>
   <translation>Access token</translation>
  </message>
  <message>
   <source>setup.check.token.ok</source>
   <translation>Valid for {minutes} min</translation>
  </message>
  <message>
   <source>setup.check.waiting</source>
   <translation>Waits for the step before</translation>
  </message>
  <message>
   <source>setup.checks.lead</source>
   <translation>{appid} · Every step only reads. No customer gets a message</translation>
  </message>
  <message>
   <source>setup.checks.passed</source>
   <translation>All connection tests passed</translation>
  </message>
  <message>
   <source>setup.checks.value</source>
   <translation>Value</translation>
  </message>
  <message>
   <source>setup.credentials.lead</source>
   <translation>AppID and AppSecret are in the WeChat console, under Settings and Development, Basic configuration.</translation>
  </message>
  <message>
   <source>setup.error.appid</source>
   <translation>The AppID starts with wx and has 18 letters and digits</translation>
  </message>
  <message>
   <source>setup.error.base</source>
   <translation>The address starts with https://, for example https://api.weixin.qq.com</translation>
  </message>
  <message>
   <source>setup.error.plain</source>
   <translation>Plain http:// is for this computer only, else the secret travels unprotected</translation>
  </message>
  <message>
   <source>setup.error.secret</source>
   <translation>The AppSecret has 32 letters and digits</translation>
  </message>
  <message>
   <source>setup.error.title</source>
   <translation>Give the account a name</translation>
  </message>
  <message>
   <source>setup.field.appid</source>
   <translation>AppID</translation>
  </message>
  <message>
   <source>setup.field.appid.hint</source>
   <translation>Starts with wx, 18 characters</translation>
  </message>
  <message>
   <source>setup.field.base</source>
   <translation>Base URL</translation>
  </message>
  <message>
   <source>setup.field.base.hint</source>
   <translation>Rarely changed. For a company gateway or a simulator of its own</translation>
  </message>
  <message>
   <source>setup.field.secret</source>
   <translation>AppSecret</translation>
  </message>
  <message>
   <source>setup.field.secret.hint</source>
   <translation>32 characters, kept in the system keyring</translation>
  </message>
  <message>
   <source>setup.field.title</source>
   <translation>Name</translation>
  </message>
  <message>
   <source>setup.field.title.hint</source>
   <translation>Shown on this computer only, for example your shop</translation>
  </message>
  <message>
   <source>setup.finish</source>
   <translation>Finish</translation>
  </message>
  <message>
   <source>setup.next</source>
   <translation>Next</translation>
  </message>
  <message>
   <source>setup.retest</source>
   <translation>Test again</translation>
  </message>
  <message>
   <source>setup.secret.show</source>
   <translation>Show AppSecret</translation>
  </message>
  <message>
   <source>setup.state.failed</source>
   <translation>Failed</translation>
  </message>
  <message>
   <source>setup.state.passed</source>
   <translation>Passed</translation>
  </message>
  <message>
   <source>setup.state.running</source>
   <translation>Testing</translation>
  </message>
  <message>
   <source>setup.state.waiting</source>
   <translation>Waits for the step above</translation>
  </message>
  <message>
   <source>setup.state.warned</source>
   <translation>Needs attention</translation>
  </message>
  <message>
   <source>setup.step.agent</source>
   <translation>Your agent account</translation>
  </message>
  <message>
   <source>setup.step.checks</source>
   <translation>Connection test</translation>
  </message>
  <message>
   <source>setup.step.credentials</source>
   <translation>Credentials</translation>
  </message>
  <message>
   <source>setup.step.sentence</source>
   <translation>Step {number} of {total}: {name}</translation>
  </message>
  <message>
   <source>setup.stop</source>
   <translation>Stop</translation>
  </message>
  <message>
   <source>setup.test</source>
   <translation>Start the test</translation>
  </message>
  <message>
   <source>setup.window</source>
   <translation>Add an account</translation>
  </message>
  <message>
   <source>simulator.tag</source>
   <translation>Simulator</translation>
  </message>
  <message>
   <source>span.hours</source>
   <translation>{hours} h {minutes} min</translation>
  </message>
  <message>
   <source>span.minutes</source>
   <translation>{minutes} min {seconds} s</translation>
  </message>
  <message numerus="yes">
   <source>span.seconds</source>
   <translation>
    <numerusform>{n} second</numerusform>
    <numerusform>{n} seconds</numerusform>
   </translation>
  </message>
  <message>
   <source>status.calls</source>
   <translation>Calls {calls}</translation>
  </message>
  <message>
   <source>status.calls.hint</source>
   <translation>Calls made by this computer since start</translation>
  </message>
  <message>
   <source>status.clock</source>
   <translation>Clock {offset} s</translation>
  </message>
  <message>
   <source>status.clock.hint</source>
   <translation>WeChat's clock minus this computer's</translation>
  </message>
  <message>
   <source>status.clock.unsynchronised</source>
   <translation>clock not compared</translation>
  </message>
  <message>
   <source>status.clock.unsynchronised.hint</source>
   <translation>WeChat's replies carry no time, so this computer's clock is used</translation>
  </message>
  <message numerus="yes">
   <source>status.failed</source>
   <translation>
    <numerusform>{n} not sent</numerusform>
    <numerusform>{n} not sent</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>status.odd_rows</source>
   <translation>
    <numerusform>{n} odd row</numerusform>
    <numerusform>{n} odd rows</numerusform>
   </translation>
  </message>
  <message>
   <source>status.odd_rows.hint</source>
   <translation>Rows of WeChat's answers that made no sense were set aside, and rows with damaged text were mended; everything else was read</translation>
  </message>
  <message numerus="yes">
   <source>status.outbox</source>
   <translation>
    <numerusform>Outbox {n}</numerusform>
    <numerusform>Outbox {n}</numerusform>
   </translation>
  </message>
  <message>
   <source>status.outbox.hint</source>
   <translation>Messages without an outcome yet</translation>
  </message>
  <message numerus="yes">
   <source>status.outbox.parked</source>
   <translation>
    <numerusform>{n} parked</numerusform>
    <numerusform>{n} parked</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>status.outbox.sending</source>
   <translation>
    <numerusform>{n} sending</numerusform>
    <numerusform>{n} sending</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>status.outbox.unknown</source>
   <translation>
    <numerusform>{n} unknown</numerusform>
    <numerusform>{n} unknown</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>status.outbox.waiting</source>
   <translation>
    <numerusform>{n} waiting</numerusform>
    <numerusform>{n} waiting</numerusform>
   </translation>
  </message>
  <message>
   <source>status.outbox.with</source>
   <translation>{before} · {group}</translation>
  </message>
  <message>
   <source>status.poll</source>
   <translation>Poll {seconds} s</translation>
  </message>
  <message>
   <source>status.poll.hint</source>
   <translation>How often the waiting list is read</translation>
  </message>
  <message>
   <source>status.quota</source>
   <translation>{calls} calls today · {share}% of the limit</translation>
  </message>
  <message>
   <source>status.quota.hint</source>
   <translation>Calls of this account today, counted anew at 00:00 China time</translation>
  </message>
  <message>
   <source>tab.queue</source>
   <translation>Waiting {number}</translation>
  </message>
  <message>
   <source>tab.sessions</source>
   <translation>My chats {number}</translation>
  </message>
  <message>
   <source>team.agents</source>
   <translation>Agents</translation>
  </message>
  <message numerus="yes">
   <source>team.agents.count</source>
   <translation>
    <numerusform>{n} agent</numerusform>
    <numerusform>{n} agents</numerusform>
   </translation>
  </message>
  <message>
   <source>team.agents.none</source>
   <translation>Nobody is online</translation>
  </message>
  <message>
   <source>team.agents.none.hint</source>
   <translation>An agent is online while mpkf is open and logged in</translation>
  </message>
  <message>
   <source>team.aside</source>
   <translation>Queue</translation>
  </message>
  <message>
   <source>team.back</source>
   <translation>Back to the chats</translation>
  </message>
  <message>
   <source>team.cases</source>
   <translation>Chats in progress</translation>
  </message>
  <message>
   <source>team.column.account</source>
   <translation>Account</translation>
  </message>
  <message>
   <source>team.column.binding</source>
   <translation>Bound to</translation>
  </message>
  <message>
   <source>team.column.cases</source>
   <translation>Chats</translation>
  </message>
  <message>
   <source>team.column.name</source>
   <translation>Agent</translation>
  </message>
  <message>
   <source>team.column.presence</source>
   <translation>State</translation>
  </message>
  <message>
   <source>team.figure.sentence</source>
   <translation>{label} {value}</translation>
  </message>
  <message>
   <source>team.figures</source>
   <translation>Figures</translation>
  </message>
  <message numerus="yes">
   <source>team.listed</source>
   <translation>
    <numerusform>{n} waiting</numerusform>
    <numerusform>{n} waiting</numerusform>
   </translation>
  </message>
  <message>
   <source>team.loading</source>
   <translation>Loading</translation>
  </message>
  <message>
   <source>team.longest</source>
   <translation>Longest wait</translation>
  </message>
  <message>
   <source>team.mine</source>
   <translation>Me</translation>
  </message>
  <message>
   <source>team.online</source>
   <translation>Agents online</translation>
  </message>
  <message>
   <source>team.queue</source>
   <translation>Queue</translation>
  </message>
  <message>
   <source>team.queue.none</source>
   <translation>Nobody is waiting</translation>
  </message>
  <message>
   <source>team.queue.order</source>
   <translation>In order of arrival</translation>
  </message>
  <message>
   <source>team.sentence.cases</source>
   <translation>{cases} chats</translation>
  </message>
  <message>
   <source>team.title</source>
   <translation>Supervise</translation>
  </message>
  <message>
   <source>toast.area</source>
   <translation>Notices</translation>
  </message>
  <message>
   <source>toast.dismiss</source>
   <translation>Dismiss</translation>
  </message>
  <message>
   <source>weekday.1</source>
   <translation>Monday</translation>
  </message>
  <message>
   <source>weekday.2</source>
   <translation>Tuesday</translation>
  </message>
  <message>
   <source>weekday.3</source>
   <translation>Wednesday</translation>
  </message>
  <message>
   <source>weekday.4</source>
   <translation>Thursday</translation>
  </message>
  <message>
   <source>weekday.5</source>
   <translation>Friday</translation>
  </message>
  <message>
   <source>weekday.6</source>
   <translation>Saturday</translation>
  </message>
  <message>
   <source>weekday.7</source>
   <translation>Sunday</translation>
  </message>
  <message>
   <source>welcome.add.hint</source>
   <translation>You need the AppID, the AppSecret and an agent account. About 3 minutes.</translation>
  </message>
  <message>
   <source>welcome.add.title</source>
   <translation>Add an account</translation>
  </message>
  <message>
   <source>welcome.card.sentence</source>
   <translation>{title}. {hint}</translation>
  </message>
  <message>
   <source>welcome.language</source>
   <translation>Language: {name}</translation>
  </message>
  <message>
   <source>welcome.language.en</source>
   <translation>English</translation>
  </message>
  <message>
   <source>welcome.language.system</source>
   <translation>System</translation>
  </message>
  <message>
   <source>welcome.language.zh_CN</source>
   <translation>简体中文</translation>
  </message>
  <message>
   <source>welcome.lead.choose</source>
   <translation>Open an account you have added, or try the simulator.</translation>
  </message>
  <message>
   <source>welcome.lead.none</source>
   <translation>Try the simulator first. It needs no account and never contacts WeChat.</translation>
  </message>
  <message>
   <source>welcome.profile.sentence</source>
   <translation>Open account {title}</translation>
  </message>
  <message>
   <source>welcome.simulator.hint</source>
   <translation>A virtual account with customers who talk, for trying out and training. The orange frame keeps it apart from a real account.</translation>
  </message>
  <message>
   <source>welcome.simulator.title</source>
   <translation>Open the simulator</translation>
  </message>
  <message>
   <source>welcome.theme</source>
   <translation>Theme: {name}</translation>
  </message>
  <message>
   <source>welcome.theme.dark</source>
   <translation>Dark</translation>
  </message>
  <message>
   <source>welcome.theme.light</source>
   <translation>Light</translation>
  </message>
  <message>
   <source>welcome.theme.system</source>
   <translation>System</translation>
  </message>
  <message>
   <source>welcome.title.choose</source>
   <translation>Choose an account</translation>
  </message>
  <message>
   <source>welcome.title.none</source>
   <translation>No account yet</translation>
  </message>
  <message>
   <source>window.hours</source>
   <translation>{hours}h</translation>
  </message>
  <message>
   <source>window.left</source>
   <translation>{hours} h {minutes} min</translation>
  </message>
  <message>
   <source>window.minutes</source>
   <translation>{minutes}m</translation>
  </message>
  <message>
   <source>window.over</source>
   <translation>over</translation>
  </message>
  <message>
   <source>window.refused</source>
   <translation>refused</translation>
  </message>
  <message>
   <source>window.title</source>
   <translation>{account} · kefu-desk</translation>
  </message>
  <message>
   <source>window.title.simulator</source>
   <translation>{account} · SIMULATOR · kefu-desk</translation>
  </message>
 </context>
</TS>
