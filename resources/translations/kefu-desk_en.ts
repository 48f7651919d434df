<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
 <context>
  <name>kefu</name>
  <message>
   <source>accept.refused.offline</source>
   <translation>Your account is offline at WeChat; accepting is refused</translation>
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
   <source>action.open_mpkf</source>
   <translation>Open mpkf</translation>
  </message>
  <message>
   <source>action.reenter_secret</source>
   <translation>Enter again</translation>
  </message>
  <message>
   <source>action.reopen</source>
   <translation>Re-open</translation>
  </message>
  <message>
   <source>action.retry</source>
   <translation>Retry now</translation>
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
   <source>banner.ended</source>
   <translation>This chat has ended. You can still reply within the reply window</translation>
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
   <source>banner.presence</source>
   <translation>Your account is offline at WeChat; accepting is refused. Log in at mpkf and keep it open</translation>
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
   <source>chat.customer</source>
   <translation>Customer</translation>
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
  <message numerus="yes">
   <source>composer.grant</source>
   <translation>
    <numerusform>{n} send left · valid for {time} (estimate)</numerusform>
    <numerusform>{n} sends left · valid for {time} (estimate)</numerusform>
   </translation>
  </message>
  <message>
   <source>composer.grant.closed</source>
   <translation>Reply window closed; you can write again when the customer writes</translation>
  </message>
  <message>
   <source>composer.grant.unknown</source>
   <translation>Sends left are shown once the customer writes</translation>
  </message>
  <message>
   <source>composer.grant.used</source>
   <translation>Sends are probably used up; wait for the customer (estimate)</translation>
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
   <source>failure.outbox.forgotten</source>
   <translation>The reason of that failure can no longer be read</translation>
  </message>
  <message>
   <source>failure.outbox.moved_on</source>
   <translation>This message has moved on meanwhile. Look at its present state</translation>
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
   <source>failure.taken_by</source>
   <translation>Already taken by {agent}</translation>
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
   <source>notice.crashed</source>
   <translation>The command “{command}” met an error; other chats go on. Details are in the log</translation>
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
   <source>queue.badge.late</source>
   <translation>Late</translation>
  </message>
  <message>
   <source>queue.badge.soon</source>
   <translation>Soon late</translation>
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
   <translation>{count} waiting, WeChat lists the first {listed}</translation>
  </message>
  <message>
   <source>queue.visits</source>
   <translation>Visit {visits}</translation>
  </message>
  <message>
   <source>record.system</source>
   <translation>System record {code}</translation>
  </message>
  <message>
   <source>send.action.check</source>
   <translation>Check</translation>
  </message>
  <message>
   <source>send.action.edit</source>
   <translation>Edit</translation>
  </message>
  <message>
   <source>send.action.resend</source>
   <translation>Resend</translation>
  </message>
  <message>
   <source>send.action.resend_anyway</source>
   <translation>Resend anyway</translation>
  </message>
  <message>
   <source>send.action.settle</source>
   <translation>Leave it</translation>
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
   <source>send.state.failed</source>
   <translation>Not sent: {reason}</translation>
  </message>
  <message>
   <source>send.state.queued</source>
   <translation>Queued, sends when connected</translation>
  </message>
  <message>
   <source>send.state.resolved</source>
   <translation>Unknown, settled</translation>
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
   <source>send.state.unknown</source>
   <translation>Unknown</translation>
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
   <source>session.sentence.draft</source>
   <translation>draft</translation>
  </message>
  <message>
   <source>session.sentence.failed</source>
   <translation>a message was not sent</translation>
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
   <translation>Choose your own agent account. You can change it later in the account menu.</translation>
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
   <source>setup.checks.detail</source>
   <translation>Details</translation>
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
   <translation>32 characters, kept in the system keyring only</translation>
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
   <source>setup.vault</source>
   <translation>Keyring not available, the secret is kept until exit</translation>
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
  <message numerus="yes">
   <source>status.failed</source>
   <translation>
    <numerusform>{n} not sent</numerusform>
    <numerusform>{n} not sent</numerusform>
   </translation>
  </message>
  <message>
   <source>status.outbox</source>
   <translation>Outbox {count}</translation>
  </message>
  <message>
   <source>status.outbox.hint</source>
   <translation>Messages without an outcome yet</translation>
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
   <source>team.figures</source>
   <translation>Figures</translation>
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
  <message numerus="yes">
   <source>team.queue.count</source>
   <translation>
    <numerusform>{n} waiting</numerusform>
    <numerusform>{n} waiting</numerusform>
   </translation>
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
   <source>team.queue.rank</source>
   <translation>Number {number}</translation>
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
   <source>welcome.version</source>
   <translation>Version {version}</translation>
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
 </context>
</TS>
