<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
 <context>
  <name>kefu</name>
  <message>
   <source>app.name</source>
   <translation>kefu-desk</translation>
  </message>
  <message>
   <source>customer.anonymous</source>
   <translation>客户·{tail}</translation>
  </message>
  <message>
   <source>list.comma</source>
   <translation>，</translation>
  </message>
  <message numerus="yes">
   <source>sends.left</source>
   <translation>
    <numerusform>还可发 {n} 条</numerusform>
   </translation>
  </message>
 </context>
</TS>
