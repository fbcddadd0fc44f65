using System.Collections.Immutable;
using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Pipeline.Grains.Assignments;
using Orleans.Pipeline.Grains.Streams;
using Orleans.Pipeline.Storage.Sqlite;
using Orleans.Streams;

namespace Orleans.Pipeline.Cluster.Tests;

/// <summary>Which partitions a silo reads while others come and go.</summary>
public sealed class PartitionBalancerTests : IAsyncLifetime
{
    private static readonly SiloAddress Here = SiloAddress.New(IPAddress.Loopback, 11111, 1);
    private static readonly SiloAddress There = SiloAddress.New(IPAddress.Loopback, 11112, 1);

    private readonly string _folder = Directory.CreateTempSubdirectory("balancer-").FullName;
    private readonly Membership _membership = new();
    private readonly Manager _manager = new();
    private SqliteStore _store = null!;
    private ClusterAssignment _assignment = null!;
    private PartitionReaders _readers = null!;
    private PartitionBalancer _balancer = null!;

    public async Task InitializeAsync()
    {
        _store = await SqliteStore.OpenAsync(new SqliteStoreSettings { Path = Path.Combine(_folder, "balancer.db") });
        var catalog = new PipelineCatalog();
        Numbers.Define(catalog);
        var topics = new ClusterTopics(catalog, _store, _store);
        await topics.PrepareAsync(CancellationToken.None);
        var context = new ReaderContext(_store, new StreamValues(catalog, TimeProvider.System), TimeProvider.System);
        _readers = new PartitionReaders(queue => new PartitionReader(context, PartitionQueues.PartitionOf(queue)));
        _assignment = new ClusterAssignment(_membership, new Silo(), topics, NullLogger<ClusterAssignment>.Instance);
        _balancer = new PartitionBalancer(_assignment, _readers);
        await _balancer.Initialize(new PartitionQueues(topics));
        _balancer.SubscribeToQueueDistributionChangeEvents(_manager);
        _assignment.Start();
        await BecomeAsync(Here);
        foreach (var queue in _balancer.GetMyQueues())
        {
            _readers.CreateQueueCache(queue);
        }
    }

    public async Task DisposeAsync()
    {
        await _assignment.StopAsync();
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_partition_that_is_another_silos_no_longer_keeps_its_agent_waiting_so_that_it_can_stop()
    {
        var all = _balancer.GetMyQueues().ToList();
        await BecomeAsync(Here, There);
        var mine = _balancer.GetMyQueues().ToList();

        Assert.Equal(all.Count / 2, mine.Count);
        Assert.All(await ReadAsync(mine), read => Assert.Single(read));
        Assert.All(await ReadAsync(all.Except(mine)), Assert.Empty);
    }

    /// <summary>
    /// Orleans' manager looks at the last of several changes only, and leaves the agent of a partition as it is that is the silo's again.
    /// </summary>
    [Fact]
    public async Task A_partition_that_was_another_silos_before_the_manager_looked_is_read_on()
    {
        var all = _balancer.GetMyQueues().ToList();
        await BecomeAsync(Here, There);
        await BecomeAsync(Here);

        Assert.Equal(all, _balancer.GetMyQueues());
        Assert.All(await ReadAsync(all), read => Assert.Single(read));
    }

    /// <summary>
    /// What the agents of queues read first: the news of the partition's stream, or nothing where the reader was released.
    /// </summary>
    private Task<IList<IBatchContainer>[]> ReadAsync(IEnumerable<QueueId> queues) =>
        Task.WhenAll(queues.Select(queue => _readers.ReaderOf(queue).GetQueueMessagesAsync(1)));

    private async Task BecomeAsync(params SiloAddress[] silos)
    {
        _membership.Become(silos);
        await _manager.NoticeAsync();
    }

    /// <summary>Orleans' manager of the agents, which is notified of changes and handles them later.</summary>
    private sealed class Manager : IStreamQueueBalanceListener
    {
        private readonly SemaphoreSlim _notices = new(0);

        public Task NoticeAsync() => _notices.WaitAsync();

        public Task QueueDistributionChangeNotification()
        {
            _notices.Release();
            return Task.CompletedTask;
        }
    }

    private sealed class Membership : IClusterMembershipService
    {
        private readonly Channel<ClusterMembershipSnapshot> _updates = Channel.CreateUnbounded<ClusterMembershipSnapshot>();
        private long _version;

        public ClusterMembershipSnapshot CurrentSnapshot => throw new NotSupportedException();

        public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => _updates.Reader.ReadAllAsync();

        public void Become(IEnumerable<SiloAddress> silos) => _updates.Writer.TryWrite(new ClusterMembershipSnapshot(
            silos.ToImmutableDictionary(silo => silo, silo => new ClusterMember(silo, SiloStatus.Active, $"{silo}")),
            new MembershipVersion(++_version)));

        public ValueTask Refresh(MembershipVersion minimumVersion, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<bool> TryKill(SiloAddress siloAddress) => throw new NotSupportedException();
    }

    private sealed class Silo : ILocalSiloDetails
    {
        public string Name => "here";

        public string ClusterId => "cluster";

        public string DnsHostName => "localhost";

        public SiloAddress SiloAddress => Here;

        public SiloAddress GatewayAddress => Here;
    }
}
