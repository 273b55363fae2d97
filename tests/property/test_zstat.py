import collections
from tests.property.test_ledger import *
seeds=collections.Counter(); nows=collections.Counter(); runs=[0]; 
class L(LedgerMachine): pass
ow=LedgerMachine._books
def b(self, rng):
    seeds[rng.getstate()[1][:3]]+=1; nows[str(self.clock.now)[:13]]+=1
    return ow(self, rng)
LedgerMachine._books=b
ob=LedgerMachine.begin
def test_z():
    print(sum(seeds.values()), len(seeds), seeds.most_common(5)); print(nows.most_common(12))
