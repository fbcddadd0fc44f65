using System.Runtime.Versioning;

// These tests start processes that want the machine for themselves, and send them signals.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: UnsupportedOSPlatform("windows")]
