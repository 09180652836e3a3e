/// What a database is to this sink: implement [Dialect], and provide it as a service, to add one.
package dev.tapline.sink.jdbc.dialect;
