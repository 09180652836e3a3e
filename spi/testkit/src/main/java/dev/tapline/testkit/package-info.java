/// What a plug-in author tests a plug-in with: the contract of sinks, as tests.
///
/// [dev.tapline.testkit.SinkContract] is the class to extend.
package dev.tapline.testkit;
