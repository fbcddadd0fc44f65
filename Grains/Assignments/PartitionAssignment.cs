using System.Text;

namespace Orleans.Pipeline.Grains.Assignments;

/// <summary>
/// Computes the owner of each partition from the set of active silos alone, so every silo gets the same result without asking another.
/// The silos' numbers of partitions of a topic differ by at most one. When a silo joins or leaves, few of the others' partitions move.
/// </summary>
/// <remarks>
/// Highest random weight (Thaler and Ravishankar, "Using name-based mappings to increase hit rates", 1998) with a bound. In the order
/// of the partition numbers, each partition goes to the silo with the highest weight for it among the silos that still have room. A
/// silo's room is the topic's partitions divided by the silos; the remainder goes to the silos with the highest weight for the topic.
/// </remarks>
internal sealed class PartitionAssignment
{
    private readonly Dictionary<TopicName, SiloAddress[]> _owners = [];
    private readonly SiloAddress[] _silos;

    public PartitionAssignment(IEnumerable<SiloAddress> silos) => _silos = [.. silos.Order()];

    /// <summary>Returns the owner of a partition, or null if no silo is active.</summary>
    public SiloAddress? OwnerOf(TopicPartition partition, int partitions) =>
        _silos.Length == 0 ? null : OwnersOf(partition.Topic, partitions)[partition.Partition];

    private SiloAddress[] OwnersOf(TopicName topic, int partitions)
    {
        lock (_owners)
        {
            if (!_owners.TryGetValue(topic, out var owners))
            {
                _owners.Add(topic, owners = Assign(topic, partitions));
            }

            return owners;
        }
    }

    private SiloAddress[] Assign(TopicName topic, int partitions)
    {
        var room = new Dictionary<SiloAddress, int>();
        var remainder = partitions % _silos.Length;
        foreach (var silo in _silos.OrderByDescending(silo => WeightOf(silo, topic.Value)))
        {
            room[silo] = (partitions / _silos.Length) + (remainder-- > 0 ? 1 : 0);
        }

        var owners = new SiloAddress[partitions];
        for (var partition = 0; partition < partitions; partition++)
        {
            var name = new TopicPartition(topic, partition).ToString();
            var owner = _silos.Where(silo => room[silo] > 0).MaxBy(silo => WeightOf(silo, name))!;
            owners[partition] = owner;
            room[owner]--;
        }

        return owners;
    }

    private static uint WeightOf(SiloAddress silo, string name) =>
        (uint)KeyPartitioner.PartitionOf(Encoding.UTF8.GetBytes($"{silo.ToParsableString()} {name}"), int.MaxValue);
}
