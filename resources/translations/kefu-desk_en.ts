<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
 <context>
  <name>kefu</name>
  <message>
   <source>app.name</source>
   <translation>kefu-desk</translation>
  </message>
  <message>
   <source>customer.anonymous</source>
   <translation>Guest {tail}</translation>
  </message>
  <message>
   <source>list.comma</source>
   <translation>, </translation>
  </message>
  <message numerus="yes">
   <source>sends.left</source>
   <translation>
    <numerusform>{n} send left</numerusform>
    <numerusform>{n} sends left</numerusform>
   </translation>
  </message>
 </context>
</TS>
