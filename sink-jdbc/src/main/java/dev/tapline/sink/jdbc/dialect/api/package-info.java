/// The interface to a database: implement [Dialect] and provide it as a service to add one.
package dev.tapline.sink.jdbc.dialect.api;
