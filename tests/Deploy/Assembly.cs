using System.Runtime.Versioning;

// The host of these tests is sent signals.
[assembly: UnsupportedOSPlatform("windows")]
