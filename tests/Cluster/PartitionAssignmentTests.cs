using System.Net;
using Orleans.Pipeline.Grains.Assignments;

namespace Orleans.Pipeline.Cluster.Tests;

/// <summary>Who owns which partition.</summary>
public sealed class PartitionAssignmentTests
{
    private static readonly TopicName[] Topics = ["orders", "payments", "clicks", "logs"];

    [Theory]
    [InlineData(8, 1)]
    [InlineData(8, 3)]
    [InlineData(1, 3)]
    [InlineData(128, 5)]
    [InlineData(1024, 7)]
    public void No_silo_has_more_than_one_partition_of_a_topic_above_another(int partitions, int silos)
    {
        foreach (var topic in Topics)
        {
            var counts = OwnersOf(topic, partitions, silos).GroupBy(owner => owner).Select(group => group.Count()).ToList();
            Assert.Equal(Math.Min(partitions, silos), counts.Count);
            Assert.InRange(counts.Max() - counts.Min(), 0, 1);
        }
    }

    [Fact]
    public void The_order_in_which_silos_are_told_changes_nothing()
    {
        var forward = new PartitionAssignment(Silos(5));
        var backward = new PartitionAssignment(Silos(5).Reverse());
        Assert.All(Enumerable.Range(0, 64), partition => Assert.Equal(
            forward.OwnerOf(new TopicPartition("orders", partition), 64), backward.OwnerOf(new TopicPartition("orders", partition), 64)));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    public void When_a_silo_joins_at_most_twice_its_share_moves(int silos)
    {
        const int Partitions = 240;
        var before = OwnersOf("orders", Partitions, silos);
        var after = OwnersOf("orders", Partitions, silos + 1);
        var moved = before.Zip(after).Count(pair => !pair.First.Equals(pair.Second));
        Assert.InRange(moved, Partitions / (silos + 1), 2 * Partitions / (silos + 1));
    }

    [Fact]
    public void Topics_of_one_partition_do_not_all_land_on_one_silo()
    {
        var owners = Enumerable.Range(0, 60).Select(number => OwnersOf($"topic-{number}", 1, 3).Single()).GroupBy(owner => owner);
        Assert.All(owners, owner => Assert.InRange(owner.Count(), 8, 32));
    }

    [Fact]
    public void Without_an_active_silo_nobody_owns_anything() =>
        Assert.Null(new PartitionAssignment([]).OwnerOf(new TopicPartition("orders", 0), 8));

    private static SiloAddress[] OwnersOf(TopicName topic, int partitions, int silos)
    {
        var assignment = new PartitionAssignment(Silos(silos));
        return [.. Enumerable.Range(0, partitions).Select(partition => assignment.OwnerOf(
            new TopicPartition(topic, partition),
            partitions)!)];
    }

    private static IEnumerable<SiloAddress> Silos(int count) =>
        Enumerable.Range(0, count).Select(number => SiloAddress.New(IPAddress.Loopback, 11111 + number, 1));
}
