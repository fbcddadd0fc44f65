using System.Runtime.Versioning;

// These tests start a cluster of processes that wants the machine for itself.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: UnsupportedOSPlatform("windows")]
