// All hosts of a process measure through one meter, so that a test would see what another does.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
